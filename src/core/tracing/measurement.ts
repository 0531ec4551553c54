import type { Attributes } from './attributes.ts'
import type { ConnectionState } from './connection-states.ts'

/** How the values of a metric are looked at. */
export type MetricKind = 'counter' | 'upDownCounter' | 'histogram'

/** A measurement that an application names itself. */
export interface NamedMeasurement {
  /** Such as `app.orders`. The names of a program, never made of data. */
  readonly name: string
  readonly value: number
  /**
   * How values are combined: added up (`counter`), changes of a level that may fall again (`upDownCounter`), or distributed
   * (`histogram`). @default 'counter'
   */
  readonly kind?: MetricKind
  /** Of the Unified Code for Units of Measure: `s`, `By`, `{order}`. @default '1' */
  readonly unit?: string
  /** Few values each: no ids, no text of users. @default none */
  readonly attributes?: Attributes
}

/**
 * A measurement, described by its facts. The tracer knows the names and units, so that an application without a tracer does
 * not contain them.
 */
export type Measurement =
  | NamedMeasurement
  /** Work is done again: a transaction or operation that met another one, or a request to a backend. */
  | { readonly is: 'retry'; readonly of: 'transaction' | 'operation' | 'request'; readonly system: string }
  /** A connection was there without a wait. */
  | { readonly is: 'connection'; readonly system: string; readonly pool?: string | undefined }
  /** A pool has a connection more in a state, or one less. */
  | {
      readonly is: 'connections'
      readonly system: string
      readonly pool?: string | undefined
      readonly state: ConnectionState
      readonly change: 1 | -1
    }
  | { readonly is: 'batch'; readonly source: string; readonly done: number; readonly handedBack: number }
  /** A scope was used after its end, and refused it. */
  | { readonly is: 'leak' }
