/** What the benches share: clocks, and how a figure is printed. */

/** Median of several rounds, after one that does not count, in milliseconds. */
export const medianMs = async (rounds: number, work: () => unknown): Promise<number> =>
  medianOfMs(rounds, () => undefined, work);

/** The same of work on something that is made anew for each round, off the clock. */
export const medianOfMs = async <Material>(
  rounds: number,
  prepare: () => Material,
  work: (material: Material) => unknown,
): Promise<number> => {
  await work(prepare());
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const material = prepare();
    const startMs = performance.now();
    await work(material);
    times.push(performance.now() - startMs);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
};

/** CPU time of one call, user and system, in milliseconds: the mean of `times` calls. */
export const cpuMs = (times: number, work: () => unknown): number => {
  for (let call = 0; call < Math.min(times, 200); call += 1) work();
  const start = process.cpuUsage();
  for (let call = 0; call < times; call += 1) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000 / times;
};

export const print = (label: string, figure: string, bound = ''): void => {
  console.log(`  ${label.padEnd(34)} ${figure.padStart(16)}   ${bound}`.trimEnd());
};

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
export const count = (value: number): string => Math.round(value).toLocaleString('en');
