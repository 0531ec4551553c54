import { ENDED, type Phase } from './resolution/phase.ts'
import { LexigramError, type LexigramErrorOptions } from '../core/errors.ts'

/** Why the container refused: see each code's description. */
export type ContainerErrorCode =
  /** the container is not in the phase for this call */
  | 'LEX_ERR_DI_001'
  /** nothing is registered for the token */
  | 'LEX_ERR_DI_004'
  /** a registration is not usable */
  | 'LEX_ERR_DI_005'
  /** the registrations do not fit together; see `issues` */
  | 'LEX_ERR_DI_008'
  /** a scoped token was resolved outside a scope */
  | 'LEX_ERR_DI_009'
  /** `get` met an async factory */
  | 'LEX_ERR_DI_010'
  /** the scope has ended */
  | 'LEX_ERR_DI_011'

/** Wiring is wrong: a bug in the program, never the fault of a request. */
export class ContainerError extends LexigramError {
  readonly code: ContainerErrorCode

  constructor(code: ContainerErrorCode, message: string, options: LexigramErrorOptions = {}) {
    super(message, options)
    this.code = code
  }
}

/** One thing wrong with the registrations, found when the container is sealed or by `checkGraph`. */
export interface ContainerIssue {
  /** `provider`: one that cannot register, which only `checkGraph` reports beside others. */
  readonly kind: 'missing' | 'cycle' | 'captive' | 'socket' | 'provider'
  /** Names of the tokens from the one that was asked for to the one at fault; or of the provider. */
  readonly path: readonly string[]
  readonly message: string
}

const remedies: Readonly<Record<ContainerIssue['kind'], string>> = {
  missing: 'Register what is missing in a provider that the application lists.',
  cycle: 'Break the cycle: let one of them take what it needs as an argument.',
  captive: 'Register the first of the path as scoped, or inject what makes the scoped one on demand.',
  socket: 'Register what holds the socket as scoped.',
  provider: 'Correct the provider, or pass an env to the check.',
}

/** All that is wrong with the registrations, at once. */
export class ContainerValidationError extends ContainerError {
  readonly issues: readonly ContainerIssue[]

  /** @internal The package makes it. */
  constructor(issues: readonly ContainerIssue[]) {
    super('LEX_ERR_DI_008', `the container cannot be sealed:\n${issues.map((i) => `- ${i.message}`).join('\n')}`, {
      hint: [...new Set(issues.map(({ kind }) => remedies[kind]))].join(' '),
    })
    this.issues = issues
  }
}

/** Where something was asked for too late. */
interface EndedScope {
  readonly root: { readonly phase: Phase }
  readonly registry: { readonly onLeak: (() => void) | undefined }
}

/** For the use of a scope that has ended, alone or with its container, which is counted. */
export function endedError({ root, registry }: EndedScope, token?: Named): ContainerError {
  registry.onLeak?.()
  const ofRoot = root.phase >= ENDED
  const what = token === undefined ? 'be used' : `provide ${token.name}`
  return new ContainerError('LEX_ERR_DI_011', `the ${ofRoot ? 'container' : 'scope'} cannot ${what}: it has ended`, {
    hint: 'Finish the work before the handler returns, or hand it to waitUntil.',
  })
}

export function lateError({ registry }: EndedScope, token: Named): ContainerError {
  registry.onLeak?.()
  return new ContainerError(
    'LEX_ERR_DI_011',
    `${token.name} cannot be created: it has to be released, but its request was answered already`,
    {
      hint: `Resolve ${token.name} before returning the response: then the scope ends with the body.`,
    },
  )
}

export function asyncError(token: Named): ContainerError {
  return new ContainerError(
    'LEX_ERR_DI_010',
    `${token.name} cannot be created synchronously: it needs an async factory`,
    {
      hint: `Use await resolve(${token.name}).`,
    },
  )
}

export function undefinedError(token: Named): ContainerError {
  return new ContainerError('LEX_ERR_DI_005', `the factory of ${token.name} cannot return undefined`, {
    hint: 'Return the instance, or null for "there is none".',
  })
}

interface Named {
  readonly name: string
}
