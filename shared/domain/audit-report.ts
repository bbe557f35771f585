import type { MonthlyCost } from './prices.ts';

/** What an audit tells. A finding, a section and a step are plain data: text and JSON show the same. */

/** The sections, in the order in which they are told. An id never changes its meaning. */
export const AUDIT_SECTIONS = {
  'AUD-01': { name: 'unreferenced-images', title: 'Images that nothing refers to' },
  'AUD-02': {
    name: 'only-seemingly-unused-images',
    title: 'Images older than 90 days without an instance, yet in use',
  },
  'AUD-03': { name: 'instances-without-image', title: 'Instances without any image' },
  'AUD-04': {
    name: 'instances-of-odd-images',
    title: 'Instances whose image is gone, disabled, deprecated or public',
  },
  'AUD-05': { name: 'broken-launches', title: 'Launches that will fail' },
  'AUD-06': { name: 'public-images', title: 'Own images that are public' },
  'AUD-07': { name: 'shared-images', title: 'Own images shared with others' },
  'AUD-08': { name: 'unencrypted-images', title: 'Own images with unencrypted snapshots' },
  'AUD-09': {
    name: 'foreign-software',
    title: 'Instances of community and Marketplace images',
  },
  'AUD-10': { name: 'orphan-snapshots', title: 'Snapshots of images that are gone' },
  'AUD-11': { name: 'managed-by-others', title: 'Images that other managers made' },
} as const;

export type AuditSectionId = keyof typeof AUDIT_SECTIONS;

/** Something that could not be read, and so could not be judged. */
export interface Unknown {
  /** `account/region`. */
  readonly target: string;
  /** Which part, such as `auto-scaling-groups`. */
  readonly what: string;
  readonly problem: string;
}

export interface AuditFinding {
  /** `account/region`. */
  readonly target: string;
  /** What it is about: an image, an instance, a snapshot, or what launches. */
  readonly id: string;
  readonly name: string;
  /** A word or a few, such as `public` or `gone`. */
  readonly status: string;
  /** When it was made or last started, ISO 8601; absent where nobody says. */
  readonly since?: string;
  /** The most that its removal could free. */
  readonly gib?: number;
  /** Its price a month, in US dollars; absent where that Region's price is not known. */
  readonly dollars?: number;
  /** How many instances it concerns, of what concerns instances. */
  readonly instances?: number;
  readonly evidence: readonly string[];
}

export interface AuditSection {
  readonly id: AuditSectionId;
  readonly name: string;
  readonly title: string;
  /** How many images, instances or whatever the title names. */
  readonly count: number;
  /** Of all findings together: what several share counts once. */
  readonly gib?: number;
  readonly cost?: MonthlyCost;
  readonly findings: readonly AuditFinding[];
  /** What is left out on purpose, and why, in words. */
  readonly notes: readonly string[];
  /** What is not known: it may hide findings, or make one untrue. */
  readonly unknown: readonly Unknown[];
}

export interface NextStep {
  readonly section?: AuditSectionId;
  readonly what: string;
  /** To be typed as it is. */
  readonly command: string;
}

/** What one target showed. */
export interface AuditedTarget {
  readonly target: string;
  /** ISO 8601. */
  readonly observedAt: string;
  readonly instances: number;
  readonly images: number;
  readonly snapshots: number;
}

/** What stands in the starter policy because of what was seen. */
export interface StarterFit {
  /** The tag that selects; absent if no tag of the fleet suits. */
  readonly tag?: { readonly key: string; readonly values: readonly string[] };
  /** How many of the instances that could be backed up have it. */
  readonly selected: number;
  readonly eligible: number;
  /** Keys that most instances have, to be carried on to images. */
  readonly copiedKeys: readonly string[];
}

export interface Audit {
  readonly targets: readonly AuditedTarget[];
  readonly unknown: readonly Unknown[];
  readonly sections: readonly AuditSection[];
  readonly nextSteps: readonly NextStep[];
  readonly starter: StarterFit;
}
