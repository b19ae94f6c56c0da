import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import type { GraphQLSchema } from 'graphql';
import { type Dispatch, type SetStateAction, useCallback } from 'react';
import type { Theme } from './use-theme.ts';

/** What stands in the two editors. */
export interface Text {
  readonly query: string;
  readonly variables: string;
}

/** What GraphiQL is given. */
export interface EditorsProps {
  readonly fetcher: Fetcher;
  /** Null while it is not known what the caller may know. */
  readonly schema: GraphQLSchema | null;
  readonly text: Text;
  readonly setText: Dispatch<SetStateAction<Text>>;
  readonly theme: Theme;
  /** Stands in the place of an answer until there is one. */
  readonly waiting: string;
}

// What is typed here may hold numbers of people, so nothing of it is kept when the page closes. What GraphiQL reads is how wide its parts are at first.
const WIDTHS: Readonly<Record<string, string>> = { 'graphiql:docExplorerFlex': '0.28', 'graphiql:editorFlex': '1.25' };
const nowhere: Storage = { length: 0, clear() {}, getItem: (key) => WIDTHS[key] ?? null, key: () => null, removeItem() {}, setItem() {} };

// Where there is room for it.
const FIRST_OPEN = innerWidth >= 1000 ? 'Documentation Explorer' : undefined;

/** GraphiQL with the editors for the query and its variables, the answer, and the documentation. */
export function Editors({ fetcher, schema, text, setText, theme, waiting }: EditorsProps) {
  const onEditQuery = useCallback((query: string) => setText((t) => ({ ...t, query })), [setText]);
  const onEditVariables = useCallback((variables: string) => setText((t) => ({ ...t, variables })), [setText]);
  return (
    <GraphiQL
      fetcher={fetcher}
      schema={schema}
      query={text.query}
      variables={text.variables}
      response={waiting}
      onEditQuery={onEditQuery}
      onEditVariables={onEditVariables}
      storage={nowhere}
      shouldPersistHeaders={false}
      isHeadersEditorEnabled={false}
      defaultEditorToolsVisibility="variables"
      visiblePlugin={FIRST_OPEN}
      forcedTheme={theme}
      disableTabs
    >
      <GraphiQL.Logo> </GraphiQL.Logo>
    </GraphiQL>
  );
}
