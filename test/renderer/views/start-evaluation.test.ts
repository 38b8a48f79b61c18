// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { EvaluationPlan } from '../../../src-renderer/views/evaluations/start.svelte.ts';

describe('EvaluationPlan', () => {
  it('asks of the codes of a run only what there is to choose', () => {
    const plan = new EvaluationPlan();
    Object.assign(plan, { run: 'r', dataset: 'd', bits: '8', latent: 'sample', feedback: 'own' });
    expect(plan.input).toMatchObject({ run: 'r', checkpoint: 'best' });
    for (const choice of ['bits', 'latent', 'feedback']) expect(plan.input).not.toHaveProperty(choice);
    plan.choices = ['bits', 'latent'];
    expect(plan.input).toMatchObject({ bits: 8, latent: 'sample' });
    expect(plan.input).not.toHaveProperty('feedback');
    plan.kind = 'baseline';
    expect(plan.input).not.toHaveProperty('bits');
  });

  it('forgets the choices of a run that cannot be read', async () => {
    const plan = new EvaluationPlan();
    Object.assign(plan, { run: 'gone', choices: ['bits'] });
    const host = { call: () => Promise.reject(new Error('no such run')) };
    await plan.askChoices({ host } as unknown as Parameters<typeof plan.askChoices>[0]);
    expect(plan.choices).toEqual([]);
  });
});
