import { deployedVariables, localVariables } from './environment.ts'
import { serviceOf, type Choices } from './choices.ts'
import { readmeOf } from './readme.ts'
import { serverlessOf } from './serverless.ts'

/** The files of a project that depend on more than one choice, by path. */
export function textsOf(choices: Choices): Readonly<Record<string, string>> {
  const { platform } = choices
  return {
    'README.md': readmeOf(choices),
    'tsconfig.json': json(typescript(platform === 'worker')),
    ...(platform === 'worker' && { 'wrangler.json': json(wranglerOf(choices)) }),
    ...(platform === 'worker' && { '.dev.vars': environmentFile(choices) }),
    ...(platform !== 'worker' && { 'local.env': environmentFile(choices) }),
    ...(platform === 'lambda' && { 'serverless.yml': serverlessOf(choices) }),
  }
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

const environmentFile = (choices: Choices): string =>
  localVariables(choices)
    .map(({ name, value, comment }) => `# On your machine: ${comment}.\n${name}=${value}\n`)
    .join('')

/** The public settings of a deployed Worker; `.dev.vars` replaces them on your machine. */
function wranglerOf(choices: Choices): object {
  const settings = deployedVariables(choices).filter(({ value }) => !value.includes('…'))
  return {
    $schema: 'node_modules/wrangler/config-schema.json',
    name: serviceOf(choices),
    main: 'src/index.ts',
    compatibility_date: '2026-10-01',
    compatibility_flags: ['nodejs_compat', 'enable_request_signal'],
    // A new isolate starts in less time; stack traces are of the source.
    minify: true,
    upload_source_maps: true,
    observability: { enabled: true, head_sampling_rate: 1 },
    ...(settings.length > 0 && { vars: Object.fromEntries(settings.map(({ name, value }) => [name, value])) }),
  }
}

/** Strict. The library that the package's declarations use: ES2024, disposal, and the Web's own. */
function typescript(worker: boolean): object {
  return {
    compilerOptions: {
      target: 'ES2022',
      module: worker ? 'ESNext' : 'NodeNext',
      moduleResolution: worker ? 'Bundler' : 'NodeNext',
      lib: ['ES2024', 'ESNext.Disposable', 'WebWorker', 'WebWorker.Iterable', 'WebWorker.AsyncIterable'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    },
    include: ['src', 'test'],
  }
}
