/** A plan of creation in a line for each decision, such as `create SCH-01 2026-11-21T02-00-00Z`. */
import type { CreateAction, Decision } from '../../shared/domain/decision.ts';
import { planCreation } from '../../shared/domain/plan-creation.ts';
import type { Reason } from '../../shared/domain/reasons.ts';
import { aPlanInput, type PlanParts } from './builders.ts';

export type { PlanParts };

export const creationFor = (
  parts: PlanParts,
): { readonly decisions: readonly Decision[]; readonly actions: readonly CreateAction[] } =>
  planCreation(aPlanInput(parts));

const lineOf = ({ id, evidence = '' }: Reason): string => `${id} ${evidence}`.trim();

/** Decisions on instances: the verdict, then each reason with its evidence. */
export const linesFor = (parts: PlanParts): readonly string[] =>
  creationFor(parts).decisions.map(({ verdict, reasons }) =>
    [verdict, ...reasons.map(lineOf)].join(' '),
  );

export const namesFor = (parts: PlanParts): readonly string[] =>
  creationFor(parts).actions.map(({ name }) => name);
