import { describe, expect, test } from 'vitest';
import { parseDocuments } from '../../shared/inventory/json-documents.ts';

describe('JSON documents in one text', () => {
  test('one is read', () => {
    expect(parseDocuments('{"Images": []}\n')).toEqual({ documents: [{ Images: [] }] });
  });

  test('several one after the other are read, as >> in a loop writes them', () => {
    const text = '{"a": "}{\\"]"}\n{"a": [1, {"b": "\\\\"}]}{"c": null}\n\n';

    expect(parseDocuments(text)).toEqual({
      documents: [{ a: '}{"]' }, { a: [1, { b: '\\' }] }, { c: null }],
    });
  });

  test.each(['', '\n \n'])('of %j it is said that it is empty', (text) => {
    expect(parseDocuments(text)).toEqual({
      documents: [],
      problem: 'it is empty: did its command fail?',
    });
  });

  test.each([
    ['in a list', '{\n    "Images": [\n        {', 'line 3, column 10'],
    ['in a string', '{"Images": "we', 'line 1, column 15'],
    ['behind a backslash', '{"Images": "we\\"', 'line 1, column 17'],
    ['before its first key', '{', 'line 1, column 2'],
  ])('where one is cut %s is said', (_where, text, place) => {
    expect(parseDocuments(text)).toEqual({
      documents: [],
      problem: `it is cut: the JSON stops in the middle, at ${place}`,
    });
  });

  test('documents before a cut one count', () => {
    expect(parseDocuments('{"a": 1}\n{"a": ')).toEqual({
      documents: [{ a: 1 }],
      problem: 'it is cut: the JSON stops in the middle, at line 2, column 7',
    });
  });

  test('what the AWS CLI says of an error is shown', () => {
    const text =
      '\nAn error occurred (UnauthorizedOperation) when calling the DescribeImages operation: no\n';

    expect(parseDocuments(text)).toEqual({
      documents: [],
      problem:
        'expected JSON at line 2, column 1, found: ' +
        'An error occurred (UnauthorizedOperation) when calling the DescribeImages operation: no',
    });
  });

  test('other text is shown as far as fits on a line', () => {
    const { problem } = parseDocuments(`<html>${'x'.repeat(500)}`);

    expect(problem).toBe(`expected JSON at line 1, column 1, found: <html>${'x'.repeat(84)}`);
  });

  test('a bracket that closes nothing is named with its place', () => {
    expect(parseDocuments('{"a": [1, 2}}')).toEqual({
      documents: [],
      problem: 'no JSON: a } too many at line 1, column 12',
    });
  });

  test('what is no JSON between its brackets is named with where it begins', () => {
    const { documents, problem } = parseDocuments('{"a": 1}\n  {"a": maybe}');

    expect(documents).toEqual([{ a: 1 }]);
    expect(problem).toMatch(/^no JSON in what begins at line 2, column 3: Unexpected token/);
  });
});
