/**
 * For tests: conformance suites for document drivers and adapters, and applications under test.
 *
 * @module
 */

export { adapterConformance } from './adapter-conformance/adapter-conformance.ts'
export {
  adapterTopics,
  type AdapterConformanceCase,
  type AdapterHarness,
  type AdapterTopic,
} from './adapter-conformance/conformance-case.ts'
export {
  createConformanceApplication,
  type ConformanceApplication,
  type ConformanceOptions,
} from './adapter-conformance/conformance-application.ts'
export { ConformanceSession } from './adapter-conformance/conformance-tokens.ts'
export type { DocumentStoreCase, DocumentStoreHarness } from './document-store-conformance/conformance-case.ts'
export type { RequestCounts, RequestFault, RequestFaults, RequestMeter } from './document-store-conformance/wire.ts'
export {
  documentStoreCases,
  documentStoreConformance,
  type TestFramework,
} from './document-store-conformance/document-store-conformance.ts'
export type {
  Entry,
  RepositoryCase,
  RepositoryHarness,
  RepositoryStorage,
  RepositoryTraits,
} from './repository-conformance/conformance-case.ts'
export { repositoryCases, repositoryConformance } from './repository-conformance/repository-conformance.ts'
export { checkGraph, type CheckGraphOptions, type RuntimeName } from './check-graph/check-graph.ts'
export { interceptDriver, type DriverCall } from './intercept-driver.ts'
export {
  override,
  startTestApplication,
  type TestApplication,
  type TestApplicationOptions,
} from './test-application.ts'
export type { ReportedError } from '../runtime/application-options.ts'
export { expectMetric, type ExpectedMetric } from './tracing/expect-metric.ts'
export { expectTrace, type ExpectedSpan } from './tracing/expect-trace.ts'
export type { RecordedMetric, RecordedSpan } from './tracing/recorded.ts'
export { createTestTracer, type TestTracer } from './tracing/test-tracer.ts'
