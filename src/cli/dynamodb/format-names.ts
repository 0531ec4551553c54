export const formatNames = ['cloudformation', 'sam', 'cdk', 'terraform'] as const

/** What the tables can be printed as. */
export type FormatName = (typeof formatNames)[number]
