/** What an attribute may be. */
export type AttributeValue = string | number | boolean

export type Attributes = Readonly<Record<string, AttributeValue | undefined>>

/** The role of a span, as OpenTelemetry defines it. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'
