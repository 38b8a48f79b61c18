import { describe, expect, test } from 'vitest';
import { homeFlag, parseStartFlags } from '../../src-main/web/start-flags.ts';
import { refusal } from '../helpers/refusal.ts';

describe('the flags of npm start', () => {
  test('are all optional', () => {
    expect(parseStartFlags([])).toEqual({ help: false, port: undefined, home: undefined, open: true });
  });

  test('say port, data folder and whether a browser is opened', () => {
    expect(parseStartFlags(['--port', '0', '--home', '/data', '--no-open', '--web'])).toEqual({
      help: false,
      port: 0,
      home: '/data',
      open: false,
    });
    expect(parseStartFlags(['--port=65535', '--home=/data with spaces'])).toMatchObject({
      port: 65_535,
      home: '/data with spaces',
    });
  });

  test.each([
    [['--port', '65536'], '--port'],
    [['--port', '-1'], 'npm start'],
    [['--port', '1.5'], '--port'],
    [['--port', 'http'], '--port'],
    [['--port', ''], '--port'],
    [['--port'], 'npm start'],
    [['--prot', '1'], 'npm start'],
    [['fsdd'], 'npm start'],
  ])('refuse %j', (argv, flag) => {
    const error = refusal(() => parseStartFlags(argv));
    expect(error.code).toBe('web/bad-flag');
    expect(error.message).toContain(flag);
  });
});

describe('the data folder among flags of others', () => {
  test.each([
    [['--no-sandbox', '--home', '/data', '--enable-features=X'], '/data'],
    [['--home=/data'], '/data'],
    [['-psn_0_12345', 'resynth://x'], undefined],
    [['--home'], undefined],
    [[], undefined],
  ])('is found: %j', (argv, home) => expect(homeFlag(argv)).toBe(home));
});
