// An import may only point down: read from every package.json and from every import of every source and of every command's file.
import { readFileSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import ts from 'typescript6';
import { FLOORS, filesBelow, isTest, packages } from '../lib/packages.mjs';
import { root as repository } from '../lib/run.mjs';

const ENDINGS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];
const shortOf = (specifier) =>
  specifier === 'ingot' || specifier.startsWith('ingot/') ? 'ingot' : /^@ingot\/([^/]+)/.exec(specifier)?.[1];
const bareOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const inside = (path, folder) => normalize(path).startsWith(folder + sep);

const callsForModule = (node) =>
  ts.isCallExpression(node) &&
  (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require'));

/** The node in which `node` names another module, if it does: `import`, `export … from`, `import()`, `require()`, `import('…')` as a type, `declare module '…'`. */
const namedBy = (node) => {
  if (node.moduleSpecifier) return node.moduleSpecifier;
  if (callsForModule(node)) return node.arguments[0];
  if (ts.isImportTypeNode(node)) return node.argument.literal;
  if (ts.isExternalModuleReference(node)) return node.expression;
  return ts.isModuleDeclaration(node) ? node.name : undefined;
};

/** Every module that a file names, with its line. */
const specifiers = (root, file) => {
  const found = [];
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const add = (name, position) => found.push({ name, line: source.getLineAndCharacterOfPosition(position).line + 1 });
  const visit = (node) => {
    const specifier = namedBy(node);
    if (specifier && ts.isStringLiteralLike(specifier)) add(specifier.text, specifier.getStart());
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const { fileName, pos } of source.typeReferenceDirectives) add(fileName, pos);
  return found;
};

/** What is wrong with one import of one file, at most one fault of each sort. */
const importFaults = ({ folder, manifest, short, floor }, floors, file, { name, line }) => {
  const where = `${file}:${line}`;
  const test = isTest(file);
  if (name.startsWith('.')) {
    const target = join(file, '..', name);
    const own = file.startsWith(join(folder, 'src') + sep) ? join(folder, 'src') : folder;
    if (!inside(target, own)) return [`${where}: '${name}' leaves the package: import it by its package's name.`];
    return !test && isTest(target.replace(/\.js$/, '.ts'))
      ? [`${where}: '${name}' is for tests alone: what ships may not import it.`]
      : [];
  }
  const to = shortOf(name);
  if (name.startsWith('node:') || to === short) return [];
  const faults = [];
  if (to && !test && !(floors[to] < floor))
    faults.push(
      `${where}: '${short}' (floor ${floor}) may not import '${to}' (floor ${floors[to]}): imports point down only.`,
    );
  const shipped = { ...manifest.dependencies, ...manifest.peerDependencies };
  const allowed = test ? { ...shipped, ...manifest.devDependencies, vitest: '', '@ingot/testing': '' } : shipped;
  if (!Object.hasOwn(allowed, bareOf(name)))
    faults.push(
      `${where}: '${bareOf(name)}' is not in the ${test ? 'dependencies' : 'shipped dependencies'} of ${folder}/package.json.`,
    );
  return faults;
};

/** Faults in the workspace at `root`: upward and sideways edges, undeclared dependencies, imports that leave a package, packages without a floor. */
export const check = ({ root = repository, floors = FLOORS } = {}) =>
  packages({ root, floors }).flatMap((one) => {
    const { folder, manifest, short, floor } = one;
    if (floor === undefined) return [`${folder}: package '${short}' has no floor in scripts/lib/packages.mjs.`];
    const edges = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .map(shortOf)
      .filter((to) => to && !(floors[to] < floor))
      .map(
        (to) =>
          `${folder}/package.json: '${short}' (floor ${floor}) may not depend on '${to}' (floor ${floors[to]}): imports point down only.`,
      );
    const files = ['src', 'bin'].flatMap((part) => filesBelow(join(folder, part), ENDINGS, root));
    return [
      ...edges,
      ...files.flatMap((file) =>
        specifiers(root, file).flatMap((specifier) => importFaults(one, floors, file, specifier)),
      ),
    ];
  });
