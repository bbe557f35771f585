import { basename } from 'node:path';
import { UnusableFileError, entriesIn, namesIn, readIfText } from '../shared/config/files.ts';
import type { FileReference } from '../shared/domain/audit-view.ts';
import { completePart, incompletePart, type Part } from '../shared/domain/model.ts';
import { imageIdsIn } from '../shared/domain/parameter-values.ts';

/** How much of a folder is read at most: enough for any repository of templates. */
const MOST = { files: 20_000, fileBytes: 16 * 1024 * 1024, depth: 40 } as const;

/** Nothing that anybody writes by hand lies there. */
const LEFT_OUT: readonly string[] = ['.git', '.hg', '.svn', 'node_modules'];

/**
 * The ids of images in all text files below folders, each with `file:line`. It is complete only if
 * every text was read to its end: one that is too large, closed to us, or behind a link is named.
 * @throws UnusableFileError if one of them is no folder
 */
export const referencesInFolders = (folders: readonly string[]): Part<FileReference> => {
  const tree = treeOf(folders);
  const problems = [...tree.problems];
  const found = tree.files.flatMap((file): readonly FileReference[] => {
    try {
      return referencesInText(file, readIfText(file, MOST.fileBytes) ?? '');
    } catch (error) {
      problems.push(problemIn(error));
      return [];
    }
  });
  return problems.length === 0 ? completePart(found) : incompletePart(tell(problems), found);
};

const problemIn = (error: unknown): string => {
  if (error instanceof UnusableFileError) return `${error.file}: ${error.problem}`;
  throw error;
};

const tell = ([first = '', ...more]: readonly string[]): string =>
  more.length === 0 ? first : `${first}; and ${more.length} more`;

const referencesInText = (file: string, text: string): readonly FileReference[] => {
  // Most files name no image, and need not be taken apart.
  if (!text.includes('ami-')) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      imageIdsIn(line).map((imageId) => ({ imageId, by: `${file}:${index + 1}` })),
    );
};

interface Tree {
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

const treeOf = (folders: readonly string[]): Tree => {
  const files: string[] = [];
  const problems: string[] = [];
  const visit = (folder: string, depth: number): void => {
    if (files.length > MOST.files) return;
    try {
      const entries = entriesIn(folder);
      files.push(...entries.files);
      problems.push(...entries.links.map((link) => `${link}: a link that is not followed`));
      if (depth === MOST.depth && entries.folders.length > 0) {
        problems.push(`${folder}: nothing deeper is read`);
        return;
      }
      for (const inner of entries.folders) {
        if (!LEFT_OUT.some((name) => basename(inner) === name)) visit(inner, depth + 1);
      }
    } catch (error) {
      problems.push(problemIn(error));
    }
  };
  for (const folder of folders) {
    if (namesIn(folder) === undefined) throw new UnusableFileError(folder, 'expected a folder');
    visit(folder, 0);
  }
  if (files.length <= MOST.files) return { files, problems };
  const beyond = `more than ${MOST.files} files: the others were not read`;
  return { files: files.slice(0, MOST.files), problems: [beyond, ...problems] };
};
