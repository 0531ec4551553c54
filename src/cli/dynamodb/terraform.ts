import { actions, keys, streamActions, watchedTableActions, type Infrastructure, type Table } from './tables.ts'

/** Tables, and the policy statements for a function that uses them, for Terraform and OpenTofu. */
export function toTerraform({ tables, listsTables }: Infrastructure): string {
  return [...tables.map(resource), policy(tables, listsTables)].join('\n')
}

function resource({ id, name, timeToLive, stream }: Table): string {
  return `resource "aws_dynamodb_table" "${labelOf(id)}" {
  name         = ${text(name)}
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = ${text(keys.partition)}
  range_key    = ${text(keys.sort)}
${stream ? '\n  stream_enabled   = true\n  stream_view_type = "NEW_AND_OLD_IMAGES"\n' : ''}
  attribute {
    name = ${text(keys.partition)}
    type = "S"
  }

  attribute {
    name = ${text(keys.sort)}
    type = "B"
  }
${timeToLive === undefined ? '' : `\n  ttl {\n    attribute_name = ${text(timeToLive)}\n    enabled        = true\n  }\n`}
  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}
`
}

function policy(tables: readonly Table[], listsTables: boolean): string {
  return `data "aws_iam_policy_document" "documents" {
  statement {
    sid     = "Documents"
    effect  = "Allow"
    actions = [
${actions.map((action) => `      ${text(action)},`).join('\n')}
    ]
    resources = [
${tables.map(({ id }) => `      aws_dynamodb_table.${labelOf(id)}.arn,`).join('\n')}
    ]
  }
${listsTables ? listing : ''}${streaming(tables)}}
`
}

function streaming(tables: readonly Table[]): string {
  const labels = tables.filter(({ isWatched }) => isWatched).map(({ id }) => labelOf(id))
  if (labels.length === 0) return ''
  const allow = (sid: string, allowed: readonly string[], attribute: string): string => `
  statement {
    sid     = "${sid}"
    effect  = "Allow"
    actions = [
${allowed.map((action) => `      ${text(action)},`).join('\n')}
    ]
    resources = [
${labels.map((label) => `      aws_dynamodb_table.${label}.${attribute},`).join('\n')}
    ]
  }
`
  return allow('Streams', streamActions, 'stream_arn') + allow('Watch', watchedTableActions, 'arn')
}

/** No table can be named for it. */
const listing = `
  statement {
    sid       = "HealthCheck"
    effect    = "Allow"
    actions   = ["dynamodb:ListTables"]
    resources = ["*"]
  }
`

/** `UserEventsTable` as `user_events`. A label cannot begin with a digit. */
function labelOf(id: string): string {
  const label = id
    .replace(/Table(?=\d*$)/, '')
    .replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()
  return /^[a-z]/.test(label) ? label : `table_${label}`
}

function text(value: string): string {
  return JSON.stringify(value).replaceAll('${', '$${').replaceAll('%{', '%%{')
}
