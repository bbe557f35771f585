import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../simulator/clock.ts';

describe('a timer', () => {
  it('fires at its time, those of one instant in the order in which they were set', async () => {
    const clock = new VirtualClock(100);
    const fired: string[] = [];
    for (const [name, atMs] of [
      ['late', 300],
      ['first', 200],
      ['second', 200],
      ['past', 50],
    ] as const) {
      clock.at(atMs, () => fired.push(`${name} at ${clock.nowMs()}`));
    }

    await clock.runUntil(250);

    expect(fired).toEqual(['past at 100', 'first at 200', 'second at 200']);
    expect(clock.nowMs()).toBe(250);
  });

  it('that is called off never fires, and nothing waits for it', async () => {
    const clock = new VirtualClock(0);
    const fired: number[] = [];
    const callOff = clock.at(10, () => fired.push(10));
    clock.at(20, () => fired.push(20));
    callOff();

    await clock.runUntil(30);
    expect(fired).toEqual([20]);

    clock.at(40, () => fired.push(40))();
    await expect(clock.runFor(new Promise(() => undefined))).rejects.toThrow('virtual deadlock');
    expect(clock.nowMs()).toBe(30);
    expect(fired).toEqual([20]);
  });
});
