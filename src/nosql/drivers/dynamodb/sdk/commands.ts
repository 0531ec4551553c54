import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'

/**
 * The commands of what the driver asks, by name, so that bundlers leave the others out. They are the low-level ones: a
 * document client sends them as they are, where its own would turn values into JavaScript's and lose digits.
 */
export const commands: ReadonlyMap<string, new (input: never) => object> = new Map<
  string,
  new (input: never) => object
>(
  Object.entries({
    BatchGetItem: BatchGetItemCommand,
    BatchWriteItem: BatchWriteItemCommand,
    CreateTable: CreateTableCommand,
    DeleteItem: DeleteItemCommand,
    DeleteTable: DeleteTableCommand,
    DescribeTable: DescribeTableCommand,
    DescribeTimeToLive: DescribeTimeToLiveCommand,
    GetItem: GetItemCommand,
    ListTables: ListTablesCommand,
    PutItem: PutItemCommand,
    Query: QueryCommand,
    Scan: ScanCommand,
    TransactGetItems: TransactGetItemsCommand,
    TransactWriteItems: TransactWriteItemsCommand,
    UpdateItem: UpdateItemCommand,
    UpdateTable: UpdateTableCommand,
    UpdateTimeToLive: UpdateTimeToLiveCommand,
  }),
)
