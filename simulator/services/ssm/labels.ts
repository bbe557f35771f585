/** Labels of versions: each is on one version of a parameter at a time. */
import type {
  LabelParameterVersionRequest,
  LabelParameterVersionResult,
  UnlabelParameterVersionRequest,
  UnlabelParameterVersionResult,
} from '@aws-sdk/client-ssm';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { noVersion, type Parameters } from './parameters.ts';
import { latestOf, type ParameterRow, type VersionRow } from './rows.ts';

const LABELS_MAX = 10;

const isLabel = (label: string): boolean =>
  /^[A-Za-z_.-][A-Za-z0-9_.-]*$/.test(label) && !/^(aws|ssm)/i.test(label);

const problemsIn = (name: string | undefined, labels: readonly string[] | undefined) => [
  ...problemsOf('name', name, { minLength: 1, maxLength: 2_048 }),
  ...problemsOf('labels', labels, { minLength: 1, maxLength: LABELS_MAX }),
  ...(labels ?? []).flatMap((label, index) =>
    problemsOf(`labels.${index + 1}.member`, label, { minLength: 1, maxLength: 100 }),
  ),
];

const versionOf = (row: ParameterRow, number: number | undefined): VersionRow => {
  if (number === undefined) return latestOf(row);
  const found = row.versions.find(({ version }) => version === number);
  if (found === undefined) throw noVersion(`version ${number} of ${row.name}`);
  return found;
};

/** Moves labels that are on another version. */
export const labelParameterVersion = (
  parameters: Parameters,
  input: LabelParameterVersionRequest,
  call: Call,
): LabelParameterVersionResult => {
  assertNoProblems(problemsIn(input.Name, input.Labels));
  const row = parameters.find(call, input.Name ?? '');
  const version = versionOf(row, input.ParameterVersion);
  const labels = input.Labels ?? [];
  const good = labels.filter(isLabel);
  if (new Set([...version.labels, ...good]).size > LABELS_MAX) {
    throw new ApiError(
      'ParameterVersionLabelLimitExceeded',
      'A parameter version can have a maximum of ten labels. Move one or more labels to another ' +
        'version and try again.',
    );
  }
  for (const label of good) {
    for (const other of row.versions) other.labels.delete(label);
    version.labels.add(label);
  }
  if (good.length > 0) parameters.tell(row, row.name, version, 'LabelParameterVersion');
  return {
    InvalidLabels: labels.filter((label) => !isLabel(label)),
    ParameterVersion: version.version,
  };
};

export const unlabelParameterVersion = (
  parameters: Parameters,
  input: UnlabelParameterVersionRequest,
  call: Call,
): UnlabelParameterVersionResult => {
  assertNoProblems(problemsIn(input.Name, input.Labels));
  const row = parameters.find(call, input.Name ?? '');
  const version = versionOf(row, input.ParameterVersion);
  const labels = input.Labels ?? [];
  const removed = labels.filter((label) => version.labels.delete(label));
  return {
    RemovedLabels: removed,
    InvalidLabels: labels.filter((label) => !removed.includes(label)),
  };
};
