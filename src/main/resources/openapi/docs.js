'use strict';
// Renders openapi.json. Everything is inserted as text, never as markup.

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children.filter(child => child !== undefined && child !== null));
  return made;
}

function classed(name, style, ...children) {
  const made = element(name, ...children);
  made.className = style;
  return made;
}

function row(cell, ...texts) {
  return element('tr', ...texts.map(text => element(cell, text)));
}

function typeOf(schema) {
  if (!schema) return '';
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.type === 'array') return typeOf(schema.items) + '[]';
  return [schema.type, schema.format].filter(Boolean).join(', ');
}

function parameters(operation) {
  if (!operation.parameters?.length) return null;
  return element('table', row('th', 'parameter', 'in', 'type'),
    ...operation.parameters.map(it => row('td', it.name + (it.required ? ' *' : ''), it.in, typeOf(it.schema))));
}

function schemaOf(content) {
  return Object.values(content ?? {})[0]?.schema;
}

function responses(operation, api) {
  return element('table', row('th', 'status', 'meaning', 'body'),
    ...Object.entries(operation.responses ?? {}).map(([status, response]) => {
      const shown = response.$ref ? api.components.responses[response.$ref.split('/').pop()] : response;
      return row('td', status, shown.description ?? '', typeOf(schemaOf(shown.content)));
    }));
}

function operationOf(path, method, operation, api) {
  const body = schemaOf(operation.requestBody?.content);
  const who = (operation.security ?? []).flatMap(it => Object.keys(it)).join(', ');
  return element('details',
    element('summary', classed('span', 'method', method.toUpperCase()), element('code', path), ' ',
      operation.summary ?? ''),
    who ? element('p', 'Authorization: ' + who) : null,
    parameters(operation),
    body ? element('p', 'Body: ' + typeOf(body)) : null,
    responses(operation, api));
}

function schemas(api) {
  return Object.entries(api.components.schemas).map(([name, schema]) => element('details',
    element('summary', element('code', name), ' ', schema.description ?? ''),
    element('table', row('th', 'member', 'type', ''),
      ...Object.entries(schema.properties ?? {}).map(([member, it]) => row('td',
        member + (schema.required?.includes(member) ? ' *' : ''), typeOf(it), it.description ?? '')))));
}

async function show() {
  const api = await (await fetch('openapi.json')).json();
  const byTag = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const tag = operation.tags?.[0] ?? 'other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationOf(path, method, operation, api)]);
    }
  }
  const main = document.getElementById('operations');
  main.replaceChildren(
    ...[...byTag].flatMap(([tag, operations]) => [element('h2', tag), ...operations]),
    element('h2', 'schemas'), ...schemas(api));
}

show().catch(() => document.getElementById('operations').replaceChildren('openapi.json could not be read.'));
