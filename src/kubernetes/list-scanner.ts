/**
 * Takes a list's JSON apart while it arrives: a small text per item instead of a huge one per page, and without the two
 * parts of an item that nobody here reads and that are often more than half of it.
 */
import { LAST_APPLIED } from '../object.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const ITEMS = Buffer.from('items');
const METADATA = Buffer.from('metadata');
const ANNOTATIONS = Buffer.from('annotations');
/** The two that are left out, key and all. */
const MANAGED_FIELDS = Buffer.from('managedFields');
const APPLIED = Buffer.from(LAST_APPLIED);

/** What is open at each depth of a list of objects. */
const LIST = 1;
const ITEMS_OF_LIST = 2;
const ITEM = 3;
const METADATA_OF_ITEM = 4;
const ANNOTATIONS_OF_ITEM = 5;

export class ListScanner {
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Start of what is not handed out yet. All places are within `#buffer`. */
  #from = 0;
  #depth = 0;
  #inString = false;
  #stringFrom = 0;
  /** The last whole string: the key, where a colon came after it. */
  #keyFrom = 0;
  #keyTo = 0;
  #afterColon = false;
  #inItems = false;
  #inMetadata = false;
  #inAnnotations = false;
  /** Start of the member of metadata or annotations that is read: its comma, or its key where it is the first. */
  #memberFrom = 0;
  #isFirst = false;
  /** The member before was the first and left out: its comma goes too. */
  #dropComma = false;
  /** Something is left out from here on; -1: nothing. */
  #cutFrom = -1;
  /** The depth that a list has which is left out; 0: it is a string. */
  #cutDepth = 0;
  #texts: string[] = [];
  #around = '';

  /** The items that are complete with this piece of the answer. */
  feed(piece: Buffer): string[] {
    this.#append(piece);
    const items: string[] = [];
    const buffer = this.#buffer;
    while (this.#at < buffer.length) {
      if (this.#inString) {
        if (!this.#endString()) break;
        continue;
      }
      const at = this.#at++;
      switch (buffer[at]) {
        case QUOTE:
          this.#beginString(at);
          break;
        case COLON:
          this.#afterColon = true;
          break;
        case COMMA:
          this.#afterColon = false;
          if (this.#inMetadata) this.#nextMember(at);
          break;
        case OPEN:
        case OPEN_LIST:
          this.#open(at, buffer[at] === OPEN_LIST);
          break;
        case CLOSE:
        case CLOSE_LIST: {
          const item = this.#close(at);
          if (item !== undefined) items.push(item);
        }
      }
    }
    return items;
  }

  /** After the last piece: the list with an empty list of items. */
  rest(): string {
    return this.#around + this.#text(this.#buffer.length);
  }

  #append(piece: Buffer): void {
    const done = this.#from;
    this.#buffer = done === this.#buffer.length ? piece : Buffer.concat([this.#buffer.subarray(done), piece]);
    this.#from = 0;
    this.#at -= done;
    this.#stringFrom -= done;
    this.#keyFrom -= done;
    this.#keyTo -= done;
    this.#memberFrom -= done;
    if (this.#cutFrom >= 0) this.#cutFrom -= done;
  }

  #beginString(at: number): void {
    this.#inString = true;
    this.#stringFrom = at;
    if (this.#inAnnotations && this.#depth === ANNOTATIONS_OF_ITEM && this.#isValueOf(APPLIED)) {
      this.#cutFrom = this.#memberFrom;
      this.#cutDepth = 0;
    }
    this.#afterColon = false;
  }

  /** False where the string goes on in the next piece. */
  #endString(): boolean {
    const end = this.#buffer.indexOf(QUOTE, this.#at);
    if (end === -1) {
      this.#at = this.#buffer.length;
      return false;
    }
    this.#at = end + 1;
    let slashes = 0;
    for (let at = end - 1; at > this.#stringFrom && this.#buffer[at] === BACKSLASH; at--) slashes++;
    if (slashes % 2 === 1) return true;
    this.#inString = false;
    this.#keyFrom = this.#stringFrom + 1;
    this.#keyTo = end;
    if (this.#cutFrom >= 0 && this.#cutDepth === 0) this.#endCut(end + 1);
    return true;
  }

  #open(at: number, isList: boolean): void {
    if (this.#depth === LIST && isList && this.#isValueOf(ITEMS)) {
      this.#around += this.#text(at + 1);
      this.#inItems = true;
    } else if (this.#inItems && this.#depth === ITEMS_OF_LIST) {
      this.#from = at;
    } else if (this.#inItems && this.#depth === ITEM) {
      this.#inMetadata = this.#isValueOf(METADATA);
      this.#firstMember(at + 1);
    } else if (this.#inMetadata && this.#depth === METADATA_OF_ITEM) {
      if (isList && this.#isValueOf(MANAGED_FIELDS)) {
        this.#cutFrom = this.#memberFrom;
        this.#cutDepth = this.#depth + 1;
      } else if (!isList && this.#isValueOf(ANNOTATIONS)) {
        this.#inAnnotations = true;
        this.#firstMember(at + 1);
      }
    }
    this.#depth++;
    this.#afterColon = false;
  }

  /** Returns the item that ends here. */
  #close(at: number): string | undefined {
    if (this.#cutFrom >= 0 && this.#depth === this.#cutDepth) this.#endCut(at + 1);
    this.#depth--;
    this.#afterColon = false;
    if (!this.#inItems) return undefined;
    switch (this.#depth) {
      case LIST:
        this.#inItems = false;
        this.#from = at;
        return undefined;
      case ITEMS_OF_LIST:
        return this.#text(at + 1);
      case ITEM:
        this.#inMetadata = false;
        return undefined;
      case METADATA_OF_ITEM:
        // What comes next in metadata has annotations before it.
        if (this.#inAnnotations) this.#dropComma = false;
        this.#inAnnotations = false;
    }
    return undefined;
  }

  #firstMember(at: number): void {
    this.#memberFrom = at;
    this.#isFirst = true;
    this.#dropComma = false;
  }

  /** A comma of metadata itself or of its annotations; deeper ones part other things. */
  #nextMember(at: number): void {
    if (this.#depth !== (this.#inAnnotations ? ANNOTATIONS_OF_ITEM : METADATA_OF_ITEM)) return;
    if (this.#dropComma) {
      this.#from = at + 1;
      this.#firstMember(at + 1);
    } else {
      this.#memberFrom = at;
      this.#isFirst = false;
    }
  }

  #endCut(at: number): void {
    this.#texts.push(this.#buffer.toString('utf8', this.#from, this.#cutFrom));
    this.#from = at;
    this.#cutFrom = -1;
    this.#dropComma = this.#isFirst;
  }

  /** Everything from `#from` to here, without what was cut out of it. */
  #text(to: number): string {
    const text = this.#texts.join('') + this.#buffer.toString('utf8', this.#from, to);
    this.#texts = [];
    this.#from = to;
    return text;
  }

  #isValueOf(key: Buffer): boolean {
    if (!this.#afterColon || this.#keyTo - this.#keyFrom !== key.length) return false;
    return key.compare(this.#buffer, this.#keyFrom, this.#keyTo) === 0;
  }
}
