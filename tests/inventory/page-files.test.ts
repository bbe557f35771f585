import { describe, expect, test } from 'vitest';
import { pageFilesOf } from '../../shared/inventory/page-files.ts';

const imagesOf = (...names: readonly string[]) => pageFilesOf(names)('images');

describe('the files of one kind in a folder', () => {
  test('a whole list is one file', () => {
    expect(imagesOf('images.json', 'image-attributes.json', 'notes.txt')).toEqual({
      names: ['images.json'],
    });
  });

  test.each([
    [
      ['images.2.json', 'images.10.json', 'images.1.json'].concat(
        [3, 4, 5, 6, 7, 8, 9].map((page) => `images.${page}.json`),
      ),
    ],
    [Array.from({ length: 10 }, (_, index) => `images-${index + 1}.json`)],
  ])('numbered pages are read in the order of their numbers: %j', (names) => {
    const { names: ordered, problem } = imagesOf(...names);

    expect(problem).toBeUndefined();
    expect(ordered.map((name) => Number(/\d+/.exec(name)))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });

  test('zeros before a number mean nothing', () => {
    expect(imagesOf('images.0002.json', 'images.0001.json')).toEqual({
      names: ['images.0001.json', 'images.0002.json'],
    });
  });

  test('a kind whose name begins like that of another has its own files', () => {
    const filesOf = pageFilesOf(['launch-template-versions.1.json', 'launch-templates.json']);

    expect(filesOf('launch-templates')).toEqual({ names: ['launch-templates.json'] });
    expect(filesOf('launch-template-versions')).toEqual({
      names: ['launch-template-versions.1.json'],
    });
  });

  test('none is a problem that says what writes one', () => {
    expect(pageFilesOf(['images.json'])('fleets')).toEqual({
      names: [],
      problem: 'no file fleets.json (aws ec2 describe-fleets)',
    });
  });

  test('none, but one with a name that is nearly right, is said', () => {
    expect(pageFilesOf(['fleet.json'])('fleets').problem).toBe(
      'no file fleets.json, but there is fleet.json (aws ec2 describe-fleets)',
    );
  });

  test.each([
    [['images.1.json', 'images.3.json'], 'page 2 of images is missing: there is images.3.json'],
    [['images.2.json'], 'page 1 of images is missing: there is images.2.json'],
    [['images.0.json', 'images.1.json'], 'images.0.json: count the pages from 1'],
    [
      ['images.1.json', 'images-1.json'],
      'both images.1.json and images-1.json say that they are page 1',
    ],
    [
      ['images.json', 'images.1.json'],
      'there is images.json and images.1.json: keep the one that is whole',
    ],
  ])('of %j nobody can say that they are whole', (names, problem) => {
    const found = imagesOf(...names);

    expect(found.problem).toBe(problem);
    expect(found.names.toSorted()).toEqual(names.toSorted());
  });
});
