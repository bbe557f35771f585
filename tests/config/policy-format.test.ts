import { describe, expect, it } from 'vitest';
import { starterPolicy } from '../../cli/starter-policy.ts';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import { formatPolicy } from '../../shared/config/policy-format.ts';

describe('a policy file, formatted', () => {
  it('has its keys in the order of the reference, and its comments where they belong', () => {
    const text = `# about the file
policies:
  # about the first
  - keep: {  last: 3   } # why three
    # about the selection
    select: {ids: i-1, tags: {B: x, A: y}}

    when: [ {catchUp: 1h, schedule: rate(1 day)}, {atMostEvery: 2h, event: stopped} ]
    id: web # the name
  - keep:
      within: 60d
      last: 5
    adopt: { groupBy: {tag: role}, images: {tags: {t: u}, name: "web-*"} }
    id: golden
version: 1
# the end
`;

    expect(formatPolicy(text)).toBe(`# about the file

version: 1
policies:
  # about the first
  - id: web # the name
    # about the selection
    select: { tags: { B: x, A: y }, ids: i-1 }

    when: [{ schedule: rate(1 day), catchUp: 1h }, { event: stopped, atMostEvery: 2h }]
    keep: { last: 3 } # why three
  - id: golden
    adopt: { images: { name: "web-*", tags: { t: u } }, groupBy: { tag: role } }
    keep:
      last: 5
      within: 60d

# the end
`);
  });

  it('stays as it is when it is formatted again', () => {
    const starter = starterPolicy('docs/policy.schema.json');

    expect(formatPolicy(starter)).toBe(starter);
  });

  it('says the same as before, with anchors, merge keys, quotes and Windows line ends', () => {
    const text = [
      'policies:',
      '  - &first',
      '    keep: &k {daily: 7, last: 3}',
      '    id: web # one',
      '    when: [{schedule: "rate(1 day)"}]',
      '    select: {tags: {\'Backup\': "0x10"}}',
      '  - id: db',
      '    <<: *first',
      '    select: {tags: {Role: db}}',
      '    copyTo: [{keep: *k, region: eu-west-1}]',
      'version: 1',
    ].join('\r\n');
    const formatted = formatPolicy(text) ?? '';
    const load = (one: string): unknown =>
      JSON.stringify(parsePolicyFile(one, 'p.yml', 'eu-central-1'));

    expect(load(formatted)).toBe(load(text));
    expect(formatted).not.toContain('\r');
    expect(formatted).toContain('copyTo: [{ region: eu-west-1, keep: *k }]');
    expect(formatPolicy(formatted)).toBe(formatted);
  });

  it('stays JSON where it is JSON', () => {
    const value = {
      policies: [
        { keep: { last: 3 }, select: { ids: '*' }, when: [{ schedule: 'rate(1 day)' }], id: 'web' },
      ],
      version: 1,
      $schema: 'x',
    };

    expect(formatPolicy(JSON.stringify(value))).toBe(`{
  "$schema": "x",
  "version": 1,
  "policies": [
    {
      "id": "web",
      "select": {
        "ids": "*"
      },
      "when": [
        {
          "schedule": "rate(1 day)"
        }
      ],
      "keep": {
        "last": 3
      }
    }
  ]
}
`);
  });

  it('is none where an alias would come before its anchor', () => {
    const text = `version: 1
policies:
  - keep: &k {last: 3}
    copyTo: [{region: eu-west-1, keep: *k}]
    id: web
    select: {ids: "*"}
    when: [{schedule: rate(1 day)}]
  - id: db
    tags: {set: {x: &x y}}
    select: {tags: {x: *x}}
    when: [{schedule: rate(1 day)}]
    keep: {last: 3}
`;

    expect(formatPolicy(text)).toBeUndefined();
  });
});
