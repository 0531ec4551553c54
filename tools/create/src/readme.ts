import { documentDriverOf, hasDocuments, hasSql, sqlDriverOf, type Choices } from './choices.ts'
import { deployedVariables } from './environment.ts'

const names = {
  worker: 'Cloudflare Workers',
  lambda: 'AWS Lambda',
  vercel: 'Vercel',
  node: 'Node',
  neon: 'Neon',
  postgres: 'PostgreSQL',
  dynamodb: 'DynamoDB',
  mongodb: 'MongoDB',
} as const

/** What the project's README says: how to run it, where is what, and what a deployment needs. */
export function readmeOf(choices: Choices): string {
  const { platform, data, name } = choices
  const databases = [
    ...(hasSql(data) ? [names[sqlDriverOf(platform)]] : []),
    ...(hasDocuments(data) ? [names[documentDriverOf(platform)]] : []),
  ]
  const port = platform === 'worker' ? 8787 : 3000
  const variables = deployedVariables(choices).map(
    ({ name, value, comment }) => `| \`${name}\` | \`${value}\` | ${comment} |`,
  )
  return `# ${name}

An API for notes on ${names[platform]}, over ${databases.join(' and ')}.

\`\`\`sh
npm install
npm test
npm start
curl -s localhost:${port}/notes -d '{"text":"buy tea"}'
curl -s localhost:${port}/notes
\`\`\`

${onYourMachine(choices)} Nothing needs an account.${offline(choices)}

## Files

- \`src/note.ts\`: a note, and the interface of its repository. It imports no database.
- \`src/routes.ts\`: the [Hono](https://hono.dev) routes.
- \`src/data.ts\`: registers the repositories and the sections of configuration.
- \`src/drivers.ts\`: the database drivers in the bundle. Variables select among them.
- \`${platform === 'node' ? 'src/server.ts' : 'src/index.ts'}\`: the entry point of ${names[platform]}.
- \`src/deployed.ts\`: the application as it is deployed, for \`npm run check\`.
${hasSql(data) ? '- `src/migrations.ts`: the tables.\n' : ''}
\`npm run check\` reports dependencies that do not fit together, on any platform, and mistakes in the project's configuration.

## Watch it run

The inspector is a page with each request, its statements, the dependency graph and the configuration. In \`src/app.ts\`, wrap the
application: \`inspect(createApplication({ … }))\`, with \`import { inspect } from 'lexigram-edge/inspector'\`. ${inspecting(choices)}

## Deploy

Set these variables. The code does not change.

| variable | value | meaning |
| --- | --- | --- |
${variables.join('\n')}

${steps(choices)
  .map((step, index) => `${index + 1}. ${step}`)
  .join('\n')}

The guides are in \`node_modules/lexigram-edge/docs\`.
`
}

function offline({ platform, data }: Choices): string {
  return platform === 'worker' && !hasSql(data)
    ? ' Without a network, Wrangler warns that it cannot fetch\n`Request.cf`, and uses a placeholder.'
    : ''
}

/** Wrangler passes no variable of its process on; `dev.mjs`, which starts it over tables, does. */
function inspecting({ platform, data }: Choices): string {
  return platform === 'worker' && !hasSql(data)
    ? 'Run `npx lexigram-edge inspect`, put the\nvariable that it prints into `.dev.vars`, and start the Worker.'
    : 'Then run\n`npx lexigram-edge inspect -- npm start`, and open the address that it prints.'
}

function onYourMachine({ platform, data }: Choices): string {
  const runs = platform === 'worker' ? 'It runs in workerd, as deployed' : 'It runs on Node'
  const sql = hasSql(data) ? 'an embedded PostgreSQL in `.data`' : ''
  const documents = hasDocuments(data) ? 'documents in memory, which are lost when it stops' : ''
  return `${runs}, over ${[sql, documents].filter((text) => text !== '').join(' and ')}.`
}

function steps({ platform, data }: Choices): string[] {
  const migrate =
    'Run `DATABASE_URL=… npm run migrate` with a role that may create tables. Deploy with a role that may not, so that row-level security applies to it.'
  // On Lambda, serverless.yml has the table.
  const needsTable = hasDocuments(data) && platform === 'worker'
  return [...(hasSql(data) ? [migrate] : []), ...(needsTable ? [createTable] : []), ...deployments[platform]]
}

/** The same keys as `lexigram-edge dynamodb tables` prints. */
const createTable = [
  'Create the table:',
  '',
  '   ```sh',
  '   aws dynamodb create-table --table-name notes --billing-mode PAY_PER_REQUEST \\',
  '     --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=B \\',
  '     --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE',
  '   ```',
  '',
].join('\n')

const deployments = {
  worker: [
    'Run `npx wrangler secret put NAME` for each secret. Set the other variables in `wrangler.json`.',
    'Run `npm run deploy`.',
  ],
  lambda: [
    'Put secrets into SSM, under the names in `serverless.yml`.',
    'Run `npm run build`, then `npx osls deploy`.',
  ],
  vercel: ['Set the variables in the project’s settings.', 'Run `npx vercel deploy`.'],
  node: ['Run `npm run start:deployed`, with `HOST=0.0.0.0` in a container.'],
} as const
