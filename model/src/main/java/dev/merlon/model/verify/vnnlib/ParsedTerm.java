package dev.merlon.model.verify.vnnlib;

/** What a parenthesis of the text means: a number or a condition. */
sealed interface ParsedTerm permits LinearSum, Formula {}
