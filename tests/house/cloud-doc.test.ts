import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud } from '../../simulator/cloud.ts';
import { createRandom } from '../../simulator/random.ts';
import { seedPublicImages } from '../../simulator/world/base-images.ts';
import { LIKELY_FACTS } from '../../simulator/unverified.ts';
import { ROOT } from './sources.ts';

const markdown = readFileSync(join(ROOT, 'docs/cloud.md'), 'utf8');

/** Rows of the table that begins with this head, cell by cell. */
const rowsUnder = (head: string): readonly (readonly string[])[] => {
  const lines = markdown.slice(markdown.indexOf(head)).split('\n').slice(2);
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

describe('docs/cloud.md', () => {
  test('lists every switch once, with the value that it has unless it is changed', () => {
    const documented = rowsUnder('| switch |').map(([name, , value]) => `${name} ${value}`);
    const known = Object.entries(LIKELY_FACTS).map(
      ([name, value]) => `\`${name}\` \`${String(value)}\``,
    );

    expect(documented.sort()).toEqual(known.sort());
  });

  test('names every public image of a new world, with its owner and its alias', () => {
    const cloud = createCloud({ clock: new VirtualClock(0), random: createRandom(1) });
    seedPublicImages(cloud, ['eu-central-1']);
    const call = cloud.callAs('111122223333', 'eu-central-1');
    const { Images = [] } = cloud.ec2.DescribeImages({ IncludeDeprecated: true }, call);
    const documented = rowsUnder('| public image | owner |').flatMap(([names = '', owner]) =>
      names.split(', ').map((name) => `${name.replaceAll('`', '')} ${owner}`),
    );
    const known = Images.map(({ Name = '', OwnerId, ImageOwnerAlias: alias }) => {
      const name = Name.replace(/^al2023.*arm64$/, '…-arm64');
      return `${name} ${OwnerId}${alias === undefined ? '' : `, \`${alias}\``}`;
    });

    expect(documented.sort()).toEqual(known.sort());
  });

  test('names what is served of each service, and nothing else', () => {
    const { services } = createCloud({ clock: new VirtualClock(0), random: createRandom(1) });
    const documented = rowsUnder('| service | operations |').flatMap(([, operations = '']) =>
      operations.startsWith('all ') ? [] : operations.split(', '),
    );
    const known = services
      .filter(({ id }) => id !== 'sqs')
      .flatMap(({ operations }) => Object.keys(operations))
      // Served so as to be refused in so many words.
      .filter((name) => name !== 'DecodeAuthorizationMessage');
    const sqs = services.find(({ id }) => id === 'sqs');

    expect(documented.sort()).toEqual(known.sort());
    expect(markdown).toContain(`| SQS | all ${Object.keys(sqs?.operations ?? {}).length} |`);
  });
});
