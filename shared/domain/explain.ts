import type { Unknown } from './audit-report.ts';
import { type AuditView, unknownParts, unknownSources, viewOf } from './audit-view.ts';
import { explainAbsent } from './explain-absent.ts';
import { explainImage } from './explain-image.ts';
import type { Context, ExplainInput } from './explain-input.ts';
import { explainInstance } from './explain-instance.ts';
import type { ExplainedKind, Explanation } from './explain-report.ts';
import { explainSnapshot } from './explain-snapshot.ts';
import { completePart } from './model.ts';

/** What kind of object an id is of; undefined for what is no id of one that can be explained. */
export const kindOfId = (id: string): ExplainedKind | undefined => {
  const [, prefix = ''] = /^(ami|i|snap)-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.exec(id) ?? [];
  return KINDS[prefix];
};

const KINDS: Readonly<Record<string, ExplainedKind>> = {
  ami: 'image',
  i: 'instance',
  snap: 'snapshot',
};

/**
 * Everything about one object: what it is, what becomes of it and why, who refers to it, and what
 * would change that. Pure; the planner is asked at later instants, about its lineage alone.
 */
export const explain = (input: ExplainInput): Explanation => {
  const { inventories, files = completePart([]), ...rest } = input;
  const views = inventories.map((inventory) =>
    viewOf({ inventory, nowMs: input.nowMs, givenPrice: undefined, files }),
  );
  const context: Context = { ...rest, views };
  const told = toldOf(context);
  return {
    id: input.id,
    kind: input.kind,
    ...told,
    unknown: told.unknown ?? unknownOf(context, told.target),
  };
};

const toldOf = (context: Context): ReturnType<typeof explainAbsent> => {
  switch (context.kind) {
    case 'image':
      return explainImage(context) ?? explainAbsent(context);
    case 'instance':
      return explainInstance(context) ?? explainAbsent(context);
    case 'snapshot':
      return explainSnapshot(context) ?? explainAbsent(context);
  }
};

/** What could not be read where the object is, as far as it says something of it. */
const unknownOf = ({ kind, views }: Context, target: string | undefined): readonly Unknown[] =>
  views.filter(({ key }) => key === target).flatMap((view) => unknownHere(kind, view));

const unknownHere = (kind: ExplainedKind, view: AuditView): readonly Unknown[] => {
  switch (kind) {
    case 'image':
      return [...unknownParts(view, ['images', 'snapshots']), ...unknownSources(view)];
    case 'instance':
      return unknownParts(view, ['instances', 'images']);
    case 'snapshot':
      return unknownParts(view, [
        'snapshots',
        'images',
        'launchTemplateVersions',
        'launchConfigurations',
        'volumes',
      ]);
  }
};
