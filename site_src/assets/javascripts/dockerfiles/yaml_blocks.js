// The open mappings and lists of a YAML document, by their indentation.

import { refuse } from "./yaml_lines.js";

export class Blocks {
  #reader;
  #open = []; // {column, isList, key, awaits, hasProperties}: `awaits` while the newest entry has no value
  #isEmpty = true;

  constructor(reader) {
    this.#reader = reader;
  }

  get newest() {
    return this.#open.at(-1);
  }

  // Closes the blocks that are indented more than this column.
  close(column) {
    while (this.newest?.column > column) this.#open.pop();
  }

  // A list may stand at the column of the key that it belongs to.
  item(column) {
    const isOpen = this.newest?.column === column && this.newest.isList;
    if (!isOpen) this.#nest({ column, isList: true }, this.newest?.column === column && this.newest.awaits);
    this.#await();
  }

  key(column, name) {
    if (this.newest?.column === column && this.newest.isList) this.#open.pop();
    if (this.newest?.column !== column) this.#nest({ column, isList: false }, false);
    if (this.newest.isList) refuse(this.#reader);
    this.newest.key = name;
    this.#await();
  }

  // A value without a key: of an item of a list, or of a key on an earlier line.
  value(column) {
    const { newest } = this;
    if (!(newest?.column < column) || !newest.awaits || newest.hasProperties) refuse(this.#reader);
  }

  // A value that is the whole document.
  document() {
    if (!this.#isEmpty) refuse(this.#reader);
    this.#isEmpty = false;
  }

  #nest(block, isBesideItsKey) {
    const { newest } = this;
    const isNested = newest ? newest.awaits && (newest.column < block.column || isBesideItsKey) : this.#isEmpty;
    if (!isNested) refuse(this.#reader);
    if (newest) newest.awaits = false;
    this.#isEmpty = false;
    this.#open.push(block);
  }

  #await() {
    Object.assign(this.newest, { awaits: true, hasProperties: false });
  }
}
