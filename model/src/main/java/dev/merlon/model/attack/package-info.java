/**
 * Adversarial search: projected gradient descent in any norm and in latent boxes, and APGD, on
 * detached networks. Imports networks and norms.
 */
@NullMarked
package dev.merlon.model.attack;

import org.jspecify.annotations.NullMarked;
