@NullMarked
package dev.gatehouse.contract.token;

import org.jspecify.annotations.NullMarked;
