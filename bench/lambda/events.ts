/** Events as AWS sends them, and a body of 1 kB. */
const product = { name: 'lamp', price: 1999, tags: ['light', 'home'], description: 'x'.repeat(920) }

const headers = {
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en-GB,en;q=0.9',
  authorization: `Bearer ${'a'.repeat(200)}`,
  host: 'abc123.execute-api.eu-central-1.amazonaws.com',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function httpEvent(method: string, path: string, body?: string): object {
  const content = { 'content-type': 'application/json', 'content-length': String(body?.length) }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: 'fields=name&fields=price',
    queryStringParameters: { fields: 'name,price' },
    headers: body === undefined ? headers : { ...headers, ...content },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: headers['user-agent'] },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '22/Nov/2026:10:00:00 +0000',
      timeEpoch: 1795341600000,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function sqsEvent(count: number): object {
  const Records = Array.from({ length: count }, (_, n) => ({
    messageId: `059f36b4-87a3-44ab-83d2-66197${n}`,
    receiptHandle: 'A'.repeat(350),
    body: JSON.stringify({ order: n, product: 'lamp', address: 'x'.repeat(150) }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1795341600000',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1795341600009',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:orders',
    awsRegion: 'eu-central-1',
  }))
  return { Records }
}

export const events = {
  get: httpEvent('GET', '/products/42'),
  post: httpEvent('POST', '/products', JSON.stringify(product)),
  sqs: sqsEvent(10),
}
