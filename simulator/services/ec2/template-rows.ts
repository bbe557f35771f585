/** The rows of launch templates. */
import type { Tags } from './row-parts.ts';

export interface TemplateVersionRow {
  readonly version: number;
  readonly description?: string | undefined;
  readonly createdAtMs: number;
  /** The launch data as the model of EC2 has it. */
  readonly data: object;
  /** As the data names it: an id, or `resolve:ssm:...`. */
  readonly imageId?: string | undefined;
}

export interface TemplateRow {
  readonly templateId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** In the order of their numbers; never empty. */
  versions: readonly TemplateVersionRow[];
  /** The number that the next version gets: those of deleted versions are not given again. */
  nextVersion: number;
  readonly tags: Tags;
  defaultVersion: number;
}
