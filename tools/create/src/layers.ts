import { documentDriverOf, hasDocuments, hasSql, sqlDriverOf, type Choices } from './choices.ts'

/** The folders of `templates` that make a project, in order: a file of a later one replaces that of an earlier one. */
export function layersOf({ platform, data }: Choices): readonly string[] {
  const kind = data === 'both' ? 'both' : `only-${data}`
  return [
    'base',
    ...(hasSql(data) ? ['sql', sqlDriverOf(platform)] : []),
    ...(hasDocuments(data) ? [documentDriverOf(platform)] : []),
    kind,
    // A Worker runs in workerd on your machine too; the others run on Node there.
    ...(platform === 'worker' ? [] : [`${kind}-local`, 'server']),
    ...(platform === 'node' ? [] : [platform]),
    ...(platform === 'worker' && hasSql(data) ? ['worker-sql'] : []),
  ]
}
