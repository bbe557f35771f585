import { dirname, relative } from 'node:path';
import type { StarterFit } from '../shared/domain/audit-report.ts';

const SCHEMA_FILE = 'docs/policy.schema.json';

/** The policy to be written to a file: it names the schema by the way from there. */
export const starterFile = (file: string, fit?: StarterFit): string =>
  starterPolicy(relative(dirname(file), SCHEMA_FILE).replaceAll('\\', '/'), fit);

/**
 * The policy file that `imago init` writes, and `imago audit` with the tags of a fleet in it.
 * @param schemaFile path of docs/policy.schema.json from there, for editors
 */
export const starterPolicy = (schemaFile: string, fit?: StarterFit): string => `\
# yaml-language-server: $schema=${schemaFile}
#
# What Imago backs up, how often, where to, and for how long. docs/policy.md has every field.
# Check it with: npx imago validate --policy <this file>
version: 1

# The zone of all times below, by its IANA name, such as Europe/Berlin.
timezone: UTC

limits:
  # The most that one retirement run removes from one target: so many images and snapshots, and so
  # many percent of its good points beyond the ordinary turnover.
  maxRemovals: { count: 50, percent: 10 }
  # Good points that stay for each source, whatever else is said.
  keepAtLeast: 1

policies:
  - id: daily # part of every AMI name; to rename it later, write the old one in \`formerly\`

    # Running and stopped instances with this tag. All keys must match, of a list of values one; *
    # and ? are wildcards. Numbers, true and false need quotes.${said(fit)}
    select:
      tags: { ${selectedBy(fit)} }
      not: { tags: { no-backup: "*" } }

    # Slots, as EventBridge Scheduler writes them: minute, hour, day, month, weekday, year.
    when:
      - schedule: cron(0 3 * * ? *)
        jitter: 30min # not all instances at once

    # A source whose newest point is older than this is reported.
    rpo: 26h

    image:
      reboot: false # true: consistent to the file system, at the price of a reboot

    tags:
      copy: [${copied(fit)}] # carried on from the instance, to images and snapshots
      set: { made-by: imago }

    # Any rule keeps; what none keeps is retired, snapshots included.
    keep:
      last: 3
      daily: 7
      weekly: 4
      monthly: 6

    # A second Region. The key must be one of that Region.
    # copyTo:
    #   - region: eu-west-1
    #     kmsKey: alias/imago-dr
    #     keep: { last: 3, weekly: 4 }

    # What stays of an instance that is gone, and for how long after its last point.
    whenSourceGone: { keepLast: 1, for: 90d }
`;

/** How many have the tag, for whoever wonders why it is this one. */
const said = (fit: StarterFit | undefined): string => {
  if (fit === undefined) return '';
  const { tag, selected, eligible } = fit;
  const what = tag === undefined ? 'No tag of theirs suits, so none of' : `${selected} of`;
  const verb = tag === undefined ? 'has this one yet' : selected === 1 ? 'has it' : 'have it';
  return `\n    # ${what} the ${eligible} instances that were seen outside Auto Scaling groups ${verb}.`;
};

const selectedBy = (fit: StarterFit | undefined): string => {
  if (fit?.tag === undefined) return 'Backup: daily';
  const values = fit.tag.values.map(scalar);
  const [only] = values;
  return `${scalar(fit.tag.key)}: ${values.length === 1 ? (only ?? '') : `[${values.join(', ')}]`}`;
};

const copied = (fit: StarterFit | undefined): string =>
  fit === undefined ? 'Name, "cost-*"' : ['Name', ...fit.copiedKeys].map(scalar).join(', ');

/** A text as YAML takes it for one: plain where it cannot be anything else, else in quotes. */
const scalar = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9_-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
