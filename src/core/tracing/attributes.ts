/** What an attribute may be. */
export type AttributeValue = string | number | boolean

/** Attributes of a span or a measurement, by name; what is undefined is absent. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>

/** The role of a span, as OpenTelemetry defines it. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'
