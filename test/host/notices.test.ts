import { describe, expect, it } from 'vitest';
import { Notices } from '../../src-main/host/notices.ts';

const full = { id: 'full', level: 'warning' as const, message: 'The disk is full.', remedy: 'Free some.' };

describe('notices', () => {
  it('are told once as long as they say the same', () => {
    let changes = 0;
    const notices = new Notices(() => changes++);
    notices.show(full);
    notices.show({ ...full });
    expect(changes).toBe(1);
    notices.show({ ...full, message: 'The disk is fuller.' });
    expect([changes, notices.list()]).toEqual([2, [{ ...full, message: 'The disk is fuller.' }]]);
  });

  it('stay away when they were dismissed, until they come up anew', () => {
    const notices = new Notices(() => undefined);
    notices.show(full);
    notices.dismiss('full');
    notices.show(full);
    expect(notices.list()).toEqual([]);
    notices.clear('full');
    notices.show(full);
    expect(notices.list()).toEqual([full]);
    notices.dismiss('none');
  });
});
