import { defineType } from '../evaluator/define.ts';
import { list, newObject, stateOf } from '../evaluator/make.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';
import type { Value } from '../evaluator/value.ts';
import { type Notice, noticeOf } from './notice-types.ts';

/** The state of a PSDataCollection. */
export type DataCollection = { items: Value[]; readonly notices: Set<Notice> };

/** An empty one. */
export const newDataCollection = (): DataCollection => ({ items: [], notices: new Set() });

/** Adds a record, and tells whoever wants to know. */
export const addData = (collection: DataCollection, value: Value): void => {
  collection.items.push(value);
  for (const notice of collection.notices) notice();
};

/** PSDataCollection: where the records of a stream wait. */
export const dataCollectionType: TypeDefinition<DataCollection> = defineType<DataCollection>({
  name: 'System.Management.Automation.PSDataCollection',
  properties: { Count: { get: ({ items }) => items.length } },
  methods: {
    ReadAll: (collection) => {
      const { items } = collection;
      collection.items = [];
      return list(items, 'System.Collections.ObjectModel.Collection', 'System.Management.Automation.PSObject');
    },
    Complete: () => undefined,
    add_DataAdded: ({ notices }, [notice]) => void notices.add(noticeOf(notice)),
    remove_DataAdded: ({ notices }, [notice]) => void notices.delete(noticeOf(notice)),
  },
  construct: () => newObject(dataCollectionType, newDataCollection()),
});

/** The collection in a value. */
export const dataCollectionOf = (value: Value): DataCollection | undefined => stateOf(value, dataCollectionType);
