/**
 * How near the limiter comes to what EC2's published request buckets permit: `node bench/limiter.ts`.
 *
 * All in virtual time, through the real adapter, over the wire to the embedded cloud. A bound is the
 * least time in which the calls fit into the bucket: (calls - capacity) / refill.
 */
import { createCloud } from '../shared/aws/ec2.ts';
import {
  applyAll,
  copiesOf,
  creationsOf,
  measure,
  removeAll,
  type Run,
  startAccount,
  startOtherTool,
} from './throttled-account.ts';

const COUNT = 1_000;

const print = (label: string, { seconds, calls, throttled, undone }: Run, boundS: number): void => {
  const ratio = (seconds / boundS).toFixed(3);
  const percent = ((100 * throttled) / calls).toFixed(2);
  console.log(
    `  ${label.padEnd(38)} ${seconds.toFixed(1).padStart(7)} s   bound ${boundS} s, ratio ${ratio}`,
  );
  console.log(
    `  ${''.padEnd(38)} ${throttled} of ${calls} calls throttled (${percent} %), ${undone} undone`,
  );
};

const alone = async (sharePercent: number): Promise<void> => {
  console.log(`one worker, ${sharePercent} percent of the buckets`);
  const share = sharePercent / 100;
  const account = startAccount();
  const cloud = createCloud(account.connect(1), sharePercent);
  const created = creationsOf(await account.launch(COUNT));
  const boundOf = (capacity: number, perSecond: number): number =>
    (COUNT - capacity * share) / (perSecond * share);
  print(
    '1,000 creates',
    await measure(account, 'CreateImage', () => applyAll(cloud, created)),
    boundOf(50, 5),
  );
  const images = await account.makeImages(COUNT);
  print(
    '1,000 copies',
    await measure(account, 'CopyImage', () => applyAll(cloud, copiesOf(images))),
    boundOf(100, 1),
  );
  print(
    '1,000 deregistrations',
    await measure(account, 'DeregisterImage', () => removeAll(cloud, images)),
    boundOf(100, 5),
  );
};

const beside = async (perSecond: number): Promise<void> => {
  console.log(`another tool makes ${perSecond} creates a second`);
  const account = startAccount();
  const cloud = createCloud(account.connect(1), 100);
  const actions = creationsOf(await account.launch(COUNT));
  const other = startOtherTool(account, 'CreateImage', perSecond);
  const run = await measure(account, 'CreateImage', () => applyAll(cloud, actions));
  other.stop();
  print('1,000 creates', run, (COUNT - 50) / (5 - perSecond));
  console.log(`  ${''.padEnd(38)} the other: ${other.refused()} of ${other.asked()} throttled`);
};

const together = async (workers: number): Promise<void> => {
  console.log(`${workers} workers that know nothing of each other`);
  const account = startAccount();
  const ids = await account.launch(COUNT);
  const part = COUNT / workers;
  const run = await measure(account, 'CreateImage', async () => {
    const undone = await Promise.all(
      Array.from({ length: workers }, (_, index) =>
        applyAll(
          createCloud(account.connect(index), 100),
          creationsOf(ids.slice(index * part, (index + 1) * part)),
        ),
      ),
    );
    return undone.reduce((sum, one) => sum + one, 0);
  });
  print('1,000 creates', run, 190);
};

await alone(100);
await alone(80);
await beside(2.5);
await beside(4);
await together(2);
await together(4);
