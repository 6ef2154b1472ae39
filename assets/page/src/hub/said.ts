// What a session says, in the reader's language where it says it there. A
// statement stays in the language it was written in, unless somebody paired it
// with its other version.
import type { Question, Session, Statement } from "./types";

export interface Said {
  text: string;
  lang: string;
}

export function statementIn(statement: Statement, language: string): Said {
  const text = statement.texts && statement.texts[language];
  return text ? { text, lang: language } : { text: statement.text, lang: statement.lang };
}

export function sessionIn(session: Session, language: string): Session {
  return { ...session, ...((session.in && session.in[language]) || {}) };
}

export function questionIn(question: Question, language: string): Question {
  return { ...question, ...((question.in && question.in[language]) || {}) };
}
