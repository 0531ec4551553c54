/**
 * Result, errors, container, configuration and application: what a portable domain is written against.
 *
 * @module
 */

export { ConfigurationError } from './config/configuration-error.ts'
export { defineConfig, type ConfigDefinition, type ConfigValues } from './config/define-config.ts'
export * as setting from './config/schema.ts'
export { isSecret, reveal, toSecret, type Secret } from './config/secret.ts'
export { section, type Section, type SectionValue } from './config/section.ts'
export type { StandardSchemaV1 } from './config/standard-schema.ts'
export { createContainer, type BootContainer, type Container, type ContainerOptions } from './container/container.ts'
export { scoped, singleton, transient } from './container/decorators.ts'
export {
  ContainerError,
  ContainerValidationError,
  type ContainerErrorCode,
  type ContainerIssue,
} from './container/errors.ts'
export { graph, type Graph } from './container/graph.ts'
export type { Io, Lifetime } from './container/lifetime.ts'
export {
  provider,
  type HealthStatus,
  type Provider,
  type ProviderContext,
  type ProviderHooks,
} from './container/provider.ts'
export type { Registrar } from './container/registrar.ts'
export {
  factory,
  type Factory,
  type InjectableClass,
  type RegistrationOptions,
  type ScopedOptions,
} from './container/registration.ts'
export type { Resolver, Scope } from './container/resolver.ts'
export { named, token, type Class, type Token, type Tokens, type TypedToken } from './container/token.ts'
export * from './errors.ts'
export { toProblemDetails, toProblemResponse, type ProblemDetails, type ProblemOptions } from './problem-details.ts'
export { attempt } from './result/attempt.ts'
export {
  andThen,
  andThenAsync,
  map,
  mapAsync,
  mapErr,
  match,
  orElse,
  orElseAsync,
  unwrap,
  unwrapOr,
} from './result/chain.ts'
export { collect, partition } from './result/combine.ts'
export {
  err,
  isErr,
  isOk,
  isResult,
  ok,
  type Err,
  type ErrOf,
  type Ok,
  type OkOf,
  type Result,
} from './result/result.ts'
export {
  createApplication,
  type Application,
  type ApplicationOptions,
  type ErrorPhase,
  type Fetch,
} from './runtime/application.ts'
export type { ExecutionContext } from './runtime/execution-context.ts'
export { RequestContext } from './runtime/request-context.ts'
export type { RunningApplication } from './runtime/running-application.ts'
