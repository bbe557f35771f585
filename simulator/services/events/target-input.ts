/** What a target receives of an event: the event, a part of it, a constant, or a template. */
import type { InputTransformer, Target } from '@aws-sdk/client-eventbridge';
import { isoOf } from '../../kernel/kernel.ts';
import type { CloudEvent } from './event.ts';

/** What templates may say of the delivery, beside the event. */
export interface Occasion {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** When EventBridge received the event. */
  readonly ingestedAtMs: number;
}

const PLACEHOLDER = /<([^<>\s]+)>/g;

/** `.name`, `[0]`, `[*]` or `['name']`. */
const STEP = /\.([^.[\]]+)|\[(\d+|\*)\]|\['([^']*)'\]/g;

/** Whether the path is one that EventBridge could follow. */
export const isPath = (path: string): boolean =>
  path === '$' || new RegExp(`^\\$(?:${STEP.source})+$`).test(path);

const stepInto = (value: unknown, step: string | undefined): unknown => {
  if (Array.isArray(value)) {
    return step === '*' ? value : /^\d+$/.test(step ?? '') ? value[Number(step)] : undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  return (value as Readonly<Record<string, unknown>>)[step ?? ''];
};

/** The value at a JSON path; undefined if there is none. */
export const valueAt = (path: string, event: unknown): unknown =>
  [...path.slice(1).matchAll(STEP)].reduce<unknown>(
    (value, [, name, index, quoted]) => stepInto(value, name ?? index ?? quoted),
    event,
  );

type Variables = ReadonlyMap<string, unknown>;

/** `aws.events.event` is the event without its detail, in a form of its own (as recorded). */
const eventVariable = (event: CloudEvent, atMs: number): unknown => ({
  id: event.id,
  account: event.account,
  detailType: event['detail-type'],
  time: isoOf(atMs),
  source: event.source,
  region: event.region,
  resources: event.resources,
  version: event.version,
});

const reserved = (
  event: CloudEvent,
  occasion: Occasion,
): readonly (readonly [string, unknown])[] => [
  ['aws.events.rule-arn', occasion.ruleArn],
  ['aws.events.rule-name', occasion.ruleName],
  ['aws.events.event.ingestion-time', isoOf(occasion.ingestedAtMs)],
  ['aws.events.event', eventVariable(event, occasion.ingestedAtMs)],
  ['aws.events.event.json', event],
];

export const RESERVED_VARIABLES: readonly string[] = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
];

/** Names in the template's angle brackets. */
export const placeholdersOf = (template: string): readonly string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);

/** A template of texts loses the quotes of what is put into it, so that it stays one. */
const isTextTemplate = (template: string): boolean => template.trimStart().startsWith('"');

/** Whether the place is inside of a quoted text. */
const isQuoted = (template: string, at: number): boolean =>
  (template.slice(0, at).match(/(?<!\\)"/g) ?? []).length % 2 === 1;

const insert = (value: unknown, isInText: boolean, isText: boolean): string => {
  if (!isInText) return JSON.stringify(value ?? '');
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  const json = JSON.stringify(value);
  return isText ? json.replaceAll('"', '') : json;
};

const transform = (
  { InputPathsMap: paths = {}, InputTemplate: template = '' }: InputTransformer,
  event: CloudEvent,
  occasion: Occasion,
): string | undefined => {
  const variables: Variables = new Map([
    ...Object.entries(paths).map(([name, path]) => [name, valueAt(path ?? '', event)] as const),
    ...reserved(event, occasion),
  ]);
  const isText = isTextTemplate(template);
  const text = template.replace(PLACEHOLDER, (_, name: string, at: number) =>
    insert(variables.get(name), isQuoted(template, at), isText),
  );
  if (isText) return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
};

/** The text that the target receives; none if a template made something that is no JSON. */
export const inputOf = (
  target: Target,
  event: CloudEvent,
  occasion: Occasion,
): string | undefined => {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) {
    return JSON.stringify(valueAt(target.InputPath, event) ?? null);
  }
  if (target.InputTransformer !== undefined) {
    return transform(target.InputTransformer, event, occasion);
  }
  return JSON.stringify(event);
};
