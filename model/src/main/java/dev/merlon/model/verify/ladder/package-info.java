/**
 * The ladder of rungs, whatever is asked: how hard is tried, what time there is, what is known of
 * work that nothing has ended, and how rungs are climbed with it.
 */
@NullMarked
package dev.merlon.model.verify.ladder;

import org.jspecify.annotations.NullMarked;
