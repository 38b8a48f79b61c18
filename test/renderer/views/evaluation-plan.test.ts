import { describe, expect, it } from 'vitest';
import { EvaluationPlan } from '../../../src-renderer/views/evaluations/start.svelte.ts';

const known = [{ key: 'rmse' }, { key: 'stoi' }, { key: 'elbo_nats' }, { key: 'iwae_nats' }] as const;

describe('the metrics of an evaluation that is planned', () => {
  it('are those of sounds until others are chosen, and bounds of likelihood where they are ticked', () => {
    const plan = new EvaluationPlan();
    expect(known.filter(({ key }) => plan.measures(key)).map(({ key }) => key)).toEqual(['rmse', 'stoi']);
    expect(plan.input.metrics).toBeUndefined();
    plan.measure('iwae_nats', true, known);
    expect(plan.input.metrics).toEqual(['rmse,stoi,iwae_nats']);
    plan.measure('stoi', false, known);
    expect(plan.input.metrics).toEqual(['rmse,iwae_nats']);
  });

  it('are said by nobody where they are the usual ones again, and never none', () => {
    const plan = new EvaluationPlan();
    plan.measure('rmse', false, known);
    expect(plan.input.metrics).toEqual(['stoi']);
    plan.measure('stoi', false, known);
    expect(plan.input.metrics).toEqual(['stoi']);
    plan.measure('rmse', true, known);
    expect(plan.input.metrics).toBeUndefined();
  });
});
