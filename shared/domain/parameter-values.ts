import type { Inventory, Parameter } from './inventory.ts';
import { isSameTarget, type Target } from './model.ts';

/** What image ids look like: eight digits long ago, seventeen now (EC2 User Guide, "Resource IDs"). */
const IMAGE_ID = /ami-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![0-9a-f])/g;

/** The image ids in any text, such as a list or the JSON that people store in parameters. */
export const imageIdsIn = (text: string): readonly string[] => [
  ...new Set(Array.from(text.matchAll(IMAGE_ID), ([id]) => id)),
];

const RESOLVE = 'resolve:ssm:';

/** What a launch template says in place of an image id, taken apart. */
interface ParameterName {
  /** As the parameter may be called; an ARN does not tell whether with a slash or without. */
  readonly names: readonly string[];
  /** Of an ARN: where it is. */
  readonly place?: Target;
  /** A version's number, or a label. */
  readonly selector?: string;
}

type Value = { readonly imageIds: readonly string[] } | { readonly problem: string };

/**
 * Tells which images `resolve:ssm:` and a parameter stand for: its name or ARN, and perhaps a version
 * or a label after a colon (EC2 User Guide, "Use a Systems Manager parameter instead of an AMI ID").
 * Another version, and any label, are known only where they were read as such.
 */
export const parameterReader = ({
  parameters,
  target,
}: Pick<Inventory, 'parameters' | 'target'>): ((text: string) => Value) => {
  const byName = Map.groupBy(parameters.items, ({ name }) => name);
  return (text) => {
    const asked = parse(text);
    if (asked === undefined) return { problem: `${text} names no image` };
    if (asked.names.some(isPublic)) return { imageIds: [] };
    const isElsewhere = asked.place !== undefined && !isSameTarget(asked.place, target);
    const found = isElsewhere ? [] : asked.names.flatMap((name) => meant(byName.get(name), asked));
    const values = found.map((parameter) => valueOf(parameter, asked, text));
    const lacking = values.find((value) => 'problem' in value);
    if (lacking !== undefined) return lacking;
    if (values.length === 0) return { problem: `the parameter of ${text} was not seen` };
    return { imageIds: values.flatMap((value) => ('imageIds' in value ? value.imageIds : [])) };
  };
};

/** What was read by this very version or label; else what the parameter is now. */
const meant = (
  read: readonly Parameter[] = [],
  { selector }: ParameterName,
): readonly Parameter[] => {
  const selected = read.filter((one) => one.selector !== undefined && one.selector === selector);
  return selected.length > 0 ? selected : read.filter((one) => one.selector === undefined);
};

/** AWS's own: nobody else may begin a name so (SSM API Reference, "PutParameter"), and no image of ours is in them. */
const isPublic = (name: string): boolean => name.startsWith('/aws/service/');

const ARN =
  /^arn:[^:]+:ssm:(?<region>[^:]*):(?<account>[^:]*):parameter\/(?<name>[^:]+)(?::(?<selector>.+))?$/;
const NAME = /^(?<name>[^:]+)(?::(?<selector>.+))?$/;

const parse = (text: string): ParameterName | undefined => {
  if (!text.startsWith(RESOLVE)) return undefined;
  const rest = text.slice(RESOLVE.length);
  return rest.startsWith('arn:') ? parseArn(rest) : parseName(rest);
};

const parseArn = (text: string): ParameterName | undefined => {
  const { region, account, name, selector } = ARN.exec(text)?.groups ?? {};
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return { names: [name, `/${name}`], place: { account, region }, ...selected(selector) };
};

const parseName = (text: string): ParameterName | undefined => {
  const { name, selector } = NAME.exec(text)?.groups ?? {};
  return name === undefined ? undefined : { names: [name], ...selected(selector) };
};

const selected = (selector: string | undefined): Pick<ParameterName, 'selector'> =>
  selector === undefined ? {} : { selector };

const valueOf = (
  { value, version, selector: readBy }: Parameter,
  { selector }: ParameterName,
  text: string,
): Value => {
  if (value === undefined) return { problem: `the value of ${text} was not read` };
  if (selector !== readBy && selector !== String(version)) {
    return { problem: `of ${text} only the current value was read` };
  }
  return { imageIds: imageIdsIn(value) };
};
