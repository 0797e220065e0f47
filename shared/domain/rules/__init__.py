"""The rules of segments: react-querybuilder JSON in, a typed tree out, and a plain-Python evaluator of that tree.

What a rule means is defined here once. Anything that runs rules elsewhere (SQL first of all) is tested against
`evaluate.matches`. This package knows neither tables nor services, reads no clock, and must stay free of I/O.

NULL, defined once
    * A field that is missing, None, an empty text or an empty list has no value.
    * A positive comparison (=, <, >, <=, >=, contains, beginsWith, endsWith, in, between, inLast, inNext,
      anniversaryInNext, olderThan, memberOf, changedFrom) with no value, or with a value of another kind, is false.
    * A negative operator (!=, doesNotContain, doesNotBeginWith, doesNotEndWith, notIn, notBetween, notInLast,
      notMemberOf) is the exact complement of its positive twin, therefore true when there is no value.
    * `null` is true when there is no value; `notNull` is its complement.
    * Logic is two-valued: `not` on a group is the plain complement. `xor` is true when an odd number of its rules is.
    * A group without rules matches everybody (and nobody when negated).

Texts compare without case and accents (`folding`). Lists compare by element: `contains` has this element, `in` has
any of these, `notIn` has none of these.

Time: windows are whole local days of the workspace (rule D1). `inLast P30D` are the 30 days that end today, the day
30 days ago excluded (rule D2); `inNext P30D` the 30 days that begin today; `olderThan P30D` that excluded day and all
before. A duration with hours (PT36H) counts back from the present instant instead, on instants only. A calendar date
compared with an instant means the instant's local day. An anniversary of 29 February falls on 28 February in common
years, and the day itself is no anniversary of itself.
"""
