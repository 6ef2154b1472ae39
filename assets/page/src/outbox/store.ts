// Where waiting answers lie: IndexedDB, else localStorage, else only in memory.
import type { Item } from "./item";

export interface Store {
  /** False where a closed page loses what waits. */
  lasting: boolean;
  all(): Promise<Item[]>;
  /** Puts an item in place of others, all or nothing. */
  put(item: Item, instead: string[]): Promise<void>;
  remove(cids: string[]): Promise<void>;
}

const name = "folkmoot";
const shelf = "outbox";

export async function openStore(): Promise<Store> {
  try {
    const database = await openDatabase();
    const store = new DatabaseStore(database);
    await store.all();
    return store;
  } catch {
    return localWorks() ? new LocalStore() : new MemoryStore();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(shelf, { keyPath: "cid" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
    // A private window may never answer.
    setTimeout(() => reject(new Error("no answer")), 2000);
  });
}

class DatabaseStore implements Store {
  lasting = true;

  constructor(private database: IDBDatabase) {}

  all(): Promise<Item[]> {
    return new Promise((resolve, reject) => {
      const request = this.database.transaction(shelf, "readonly").objectStore(shelf).getAll();
      request.onsuccess = () => resolve((request.result as Item[]).sort(byTime));
      request.onerror = () => reject(request.error);
    });
  }

  put(item: Item, instead: string[]): Promise<void> {
    return this.write((objects) => {
      instead.forEach((cid) => objects.delete(cid));
      objects.put(item);
    });
  }

  remove(cids: string[]): Promise<void> {
    return this.write((objects) => cids.forEach((cid) => objects.delete(cid)));
  }

  private write(act: (objects: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(shelf, "readwrite");
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      act(transaction.objectStore(shelf));
    });
  }
}

export class LocalStore implements Store {
  lasting = true;
  private key = name + "." + shelf;

  constructor(private storage: Pick<Storage, "getItem" | "setItem"> = localStorage) {}

  async all(): Promise<Item[]> {
    return this.read().sort(byTime);
  }

  async put(item: Item, instead: string[]): Promise<void> {
    this.write(without(this.read(), instead.concat(item.cid)).concat(item));
  }

  async remove(cids: string[]): Promise<void> {
    this.write(without(this.read(), cids));
  }

  private read(): Item[] {
    try {
      return JSON.parse(this.storage.getItem(this.key) || "[]") as Item[];
    } catch {
      return [];
    }
  }

  private write(items: Item[]): void {
    this.storage.setItem(this.key, JSON.stringify(items));
  }
}

export class MemoryStore implements Store {
  lasting = false;
  private items: Item[] = [];

  async all(): Promise<Item[]> {
    return this.items.slice().sort(byTime);
  }

  async put(item: Item, instead: string[]): Promise<void> {
    this.items = without(this.items, instead.concat(item.cid)).concat(item);
  }

  async remove(cids: string[]): Promise<void> {
    this.items = without(this.items, cids);
  }
}

function without(items: Item[], cids: string[]): Item[] {
  return items.filter((item) => cids.indexOf(item.cid) < 0);
}

function byTime(a: Item, b: Item): number {
  return a.at - b.at || (a.cid < b.cid ? -1 : 1);
}

function localWorks(): boolean {
  try {
    localStorage.setItem(name + ".try", "1");
    localStorage.removeItem(name + ".try");
    return true;
  } catch {
    return false;
  }
}
