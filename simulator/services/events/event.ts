/** Events, as announced by services and as targets receive them. */
import { isoSecondsOf, type Kernel, uuidOf } from '../../kernel/kernel.ts';

/** An event as its target receives it. */
export interface CloudEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a service announces of itself; the bus makes an event of it. */
export interface Announcement {
  readonly account: string;
  readonly region: string;
  /** Default `aws.ec2`. */
  readonly source?: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export const eventOf = (
  { random }: Kernel,
  facts: Announcement & { readonly source: string },
  atMs: number,
): CloudEvent => ({
  version: '0',
  id: uuidOf(random('event-ids')),
  'detail-type': facts.detailType,
  source: facts.source,
  account: facts.account,
  time: isoSecondsOf(atMs),
  region: facts.region,
  resources: facts.resources,
  detail: facts.detail,
});
