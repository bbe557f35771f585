import type { Path, PolicyProblem, PolicySource } from './policy-document.ts';
import type { BackupEntry } from './policy-schema.ts';
import { derivedRpoMs, toPolicy } from './policy-values.ts';
import { isSamePartition } from './regions.ts';

/** What the fields of a policy, and the policies of all files, say together. */

/** One policy at its place. */
export interface Placed<T> {
  readonly source: PolicySource;
  readonly path: Path;
  readonly entry: T;
}

/**
 * What is wrong with a backup policy whose every field is right by itself.
 * @param timezone   of its document
 * @param homeRegion Region of the instances, if it is known
 */
export const entryProblems = (
  { source, path, entry }: Placed<BackupEntry>,
  timezone: string,
  homeRegion: string | undefined,
): readonly PolicyProblem[] => {
  const problems: PolicyProblem[] = [];
  const add = (below: Path, message: string | undefined): void => {
    if (message !== undefined) problems.push(source.problemAt([...path, ...below], message));
  };
  add(['rpo'], rpoProblem(entry, timezone));
  add(['image', 'batchSize'], batchProblem(entry, 'batchSize', 'stagger'));
  add(['image', 'stagger'], batchProblem(entry, 'stagger', 'batchSize'));
  add(['tags', 'set', 'Name'], nameTagProblem(entry));
  entry.copyTo.forEach(({ region, kmsKey }, nth) => {
    add(['copyTo', nth, 'region'], destinationProblem(region, homeRegion));
    add(['copyTo', nth, 'kmsKey'], keyProblem(region, kmsKey));
  });
  return problems;
};

const rpoProblem = (entry: BackupEntry, timezone: string): string | undefined => {
  if (entry.rpo !== undefined) return undefined;
  const { when } = toPolicy(entry, timezone);
  if (derivedRpoMs(when) !== undefined) return undefined;
  const isOfEvents = when.every(({ kind }) => kind === 'event');
  const why = isOfEvents ? 'events come when they come' : 'no schedule has two slots to come';
  return `is missing: ${why}, so there is nothing to derive it from; say one, such as 26h`;
};

const batchProblem = (
  { image }: BackupEntry,
  said: 'batchSize' | 'stagger',
  needed: 'batchSize' | 'stagger',
): string | undefined =>
  image[said] === undefined || image[needed] !== undefined
    ? undefined
    : `needs ${needed} beside it: so many at once, and the next so much later`;

const nameTagProblem = ({ image, tags }: BackupEntry): string | undefined =>
  image.name === undefined || !Object.hasOwn(tags.set, 'Name')
    ? undefined
    : 'the tag Name is written by image.name as well: say it in one place';

const destinationProblem = (region: string, homeRegion: string | undefined): string | undefined => {
  if (homeRegion === undefined) return undefined;
  if (region === homeRegion) {
    return `${region} is where the instances are: a copy must go elsewhere`;
  }
  if (isSamePartition(region, homeRegion)) return undefined;
  return `${region} is in another partition than ${homeRegion}: EC2 cannot copy there`;
};

/** EC2 takes no key of another Region than that of the copies. */
const keyProblem = (region: string, kmsKey = ''): string | undefined => {
  const [, , , regionOfKey] = kmsKey.split(':');
  return regionOfKey === undefined || regionOfKey === region
    ? undefined
    : `the key is in ${regionOfKey}, and the copies are in ${region}: name one that is there`;
};

interface Named {
  readonly id: string;
  readonly path: Path;
}

/** Every id of a document, as far as it is a text: wrong policies have ids too. */
const idsOf = (source: PolicySource): readonly Named[] =>
  ['policies', 'tagPolicies'].flatMap((list) =>
    entriesOf(source.valueAt([list])).flatMap((entry, index) => {
      const { id, formerly } = entry as { readonly id?: unknown; readonly formerly?: unknown };
      return [
        { id, path: [list, index, 'id'] },
        ...entriesOf(formerly).map((one, nth) => ({
          id: one,
          path: [list, index, 'formerly', nth],
        })),
      ].flatMap((named) => (typeof named.id === 'string' ? [{ ...named, id: named.id }] : []));
    }),
  );

const entriesOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.map((entry: unknown) => entry ?? {}) : [];

/** Ids that two policies claim, of one file or of two, now or formerly. */
export const idProblems = (sources: readonly PolicySource[]): readonly PolicyProblem[] => {
  const problems: PolicyProblem[] = [];
  const seen = new Map<string, PolicyProblem>();
  for (const source of sources) {
    for (const { id, path } of idsOf(source)) {
      const first = seen.get(id);
      if (first === undefined) {
        seen.set(id, source.problemAt(path, ''));
        continue;
      }
      const where =
        first.file === source.file ? '' : `${first.file}:${first.line}:${first.column} `;
      problems.push(
        source.problemAt(path, `the id ${id} is already taken by ${where}${first.field}`),
      );
    }
  }
  return problems;
};

/** Limits hold for a whole run, so several files cannot say different ones. */
export const limitsProblems = (
  stated: readonly { readonly source: PolicySource; readonly limits: unknown }[],
): readonly PolicyProblem[] => {
  const [first, ...others] = stated;
  if (first === undefined) return [];
  const { file, line, column } = first.source.problemAt(['limits'], '');
  return others
    .filter(({ limits }) => JSON.stringify(limits) !== JSON.stringify(first.limits))
    .map(({ source }) =>
      source.problemAt(
        ['limits'],
        `${file}:${line}:${column} says other limits: say them in one file, or the same in each`,
      ),
    );
};
