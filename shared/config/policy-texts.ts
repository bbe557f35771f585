import { normalize } from 'node:path';
import { UnusableFileError, listFolder, readTextFile } from './files.ts';
import { POLICY_FILE_BYTES_MAX, type PolicyText } from './policy-document.ts';

/** How several policy files are named where there is one text for all: an option, a variable. */
export const POLICY_FILES_FORM = 'policy files, or folders of them, with commas between';

const POLICY_FILE_NAME = /\.(ya?ml|json)$/;

/**
 * Reads the policy files that a text names. A folder stands for the `.yml`, `.yaml` and `.json` files
 * in it, by name; folders in it are not looked into. What is named twice is read once.
 * @throws UnusableFileError for what is no file that can be read, for a folder without any, and for a
 *   text that names nothing
 */
export const readPolicyTexts = (named: string): readonly PolicyText[] =>
  [...new Set(namesOf(named).flatMap(filesOf))].map((file) => ({
    file,
    text: readTextFile(file, POLICY_FILE_BYTES_MAX),
  }));

const namesOf = (named: string): readonly string[] => {
  const names = named
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > 0) return names.map(normalize);
  throw new UnusableFileError(JSON.stringify(named), 'expected the name of a policy file');
};

const filesOf = (name: string): readonly string[] =>
  listFolder(name, POLICY_FILE_NAME, '.yml, .yaml or .json') ?? [name];
