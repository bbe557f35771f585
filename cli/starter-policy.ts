/**
 * The policy file that `imago init` writes.
 * @param schemaFile path of docs/policy.schema.json from there, for editors
 */
export const starterPolicy = (schemaFile: string): string => `\
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
    # and ? are wildcards. Numbers, true and false need quotes.
    select:
      tags: { Backup: daily }
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
      copy: [Name, "cost-*"] # carried on from the instance, to images and snapshots
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
