import { type Coverage, coverageOf } from '../domain/coverage.ts';
import { type Target, targetKey } from '../domain/model.ts';
import { type ReasonId, describeReason } from '../domain/reasons.ts';
import { DETAIL_TYPE, announce } from './domain-events.ts';
import { type Loop, planInputOf } from './loop.ts';
import { observe } from './observe.ts';

export interface ReportSummary {
  readonly home: string;
  readonly ok: number;
  readonly breaches: number;
  readonly unprotected: number;
  readonly excluded: number;
  /** Sources that lack a copy which their policy wants; those of unread places among them. */
  readonly withoutCopy: number;
  /** Regions of destinations whose images could not be read whole. */
  readonly unread: readonly string[];
}

/** The daily look at every source: is its newest point inside its RPO, and if not, why. */
export const report = async (loop: Loop): Promise<readonly ReportSummary[]> => {
  const summaries: ReportSummary[] = [];
  for (const home of loop.homes) summaries.push(await reportHome(loop, home));
  return summaries;
};

const reportHome = async (loop: Loop, home: Target): Promise<ReportSummary> => {
  const observation = await observe(loop, home, 'report');
  if (!observation.instances.isComplete || !observation.images.isComplete) {
    const { instances, images } = observation;
    throw new Error(
      `${targetKey(home)} could not be read whole: ${instances.problem} ${images.problem}`.trim(),
    );
  }
  const rows = coverageOf(planInputOf(loop, observation));
  const unread = observation.places
    .filter(({ images }) => !images.isComplete)
    .map(({ place }) => place.region);
  const summary = summarise(home, rows, unread);
  loop.meter.count('RpoBreaches', summary.breaches);
  const attention = [...rows.filter(isUncovered), ...rows.filter(isToMend)];
  for (const row of attention) {
    const reasons = row.reasons.map(describeReason);
    loop.log.warn(`${row.status}: ${row.instanceId} ${row.label}`, { ...row, reasons });
  }
  await announce(loop, [
    {
      detailType: DETAIL_TYPE.coverage,
      resources: [],
      detail: {
        version: 1,
        deployment: loop.deployment,
        ...summary,
        attention: attention.slice(0, 100).map(brief),
      },
    },
  ]);
  return summary;
};

const isUncovered = (row: Coverage): boolean =>
  row.status === 'breach' || row.status === 'unprotected' || lacksCopy(row);

/** What people wrote on an instance, or did not, though its backups are as they should be. */
const TO_MEND: readonly ReasonId[] = ['SCH-19', 'TAG-04'];

const isToMend = (row: Coverage): boolean =>
  !isUncovered(row) && row.reasons.some(({ id }) => TO_MEND.includes(id));

const regionsWithoutCopy = ({ copies }: Coverage): readonly string[] =>
  copies.filter(({ newestAgeMs }) => newestAgeMs === undefined).map(({ region }) => region);

const lacksCopy = (row: Coverage): boolean => regionsWithoutCopy(row).length > 0;

const summarise = (
  home: Target,
  rows: readonly Coverage[],
  unread: readonly string[],
): ReportSummary => {
  const count = (wanted: Coverage['status']): number =>
    rows.filter(({ status }) => status === wanted).length;
  return {
    home: targetKey(home),
    ok: count('ok'),
    breaches: count('breach'),
    unprotected: count('unprotected'),
    excluded: count('excluded'),
    withoutCopy: rows.filter(lacksCopy).length,
    unread,
  };
};

const brief = (row: Coverage): Record<string, unknown> => ({
  instanceId: row.instanceId,
  status: row.status,
  ...(row.policyId === undefined ? {} : { policy: row.policyId }),
  lacksCopyIn: regionsWithoutCopy(row),
  reasons: row.reasons.map(describeReason),
});
