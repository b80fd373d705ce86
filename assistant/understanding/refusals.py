"""English idioms of refusing and of having had enough: "does my head in", "had it up to here with".

Owns: regular expressions over `Text.flat`, in the form of `phrases`, which takes them in. Does not
own: plain words of refusing ("no", "hate", "boring": `phrases`).
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re

from assistant.understanding.mentions import Stance

_ME = r"(?:me|us|him|her|them)"
_MY = r"(?:my|our|his|her|their)"
_SO = r"(?:really |absolutely |just |also |totally |completely |properly |always |honestly |so |right |well |truly |seriously |utterly |genuinely |simply |kind of |proper |already )*"
_CANT = r"(?:cant|cannot|can not|couldnt|could not)"
_WONT = r"(?:wont|will not|wouldnt|would not|refuse to|not going to|never going to|aint|im not|were not)"
_DIDNT = r"(?:dont|do not|didnt|did not|doesnt|does not|never|couldnt|could not|cant|cannot|wasnt|havent|failed to)"
_WATCH = r"(?:watch(?:ing)?|see(?:ing)?|sit(?:ting)? through|rewatch(?:ing)?|buy(?:ing)?|us(?:e|ing)|own(?:ing)?|endur(?:e|ing)|hav(?:e|ing)|touch(?:ing)?|go(?:ing)? near|suffer(?:ing)? through)"
# Not of "the same day over and over".
_NOW_OVER = r"(?:(?<=so )|(?<=well )|(?<=just )|(?<=really )|(?<=totally )|(?<=completely )|(?<![^,.] ))over"
_MORE = r"(?: another| any more| any| more of| a| an| the)*"
_LONG = r"(?:(?:\w+ ){0,2}(?:hours?|hrs|minutes|mins|evening|night|afternoon|time|money|life|life on it)(?: of my (?:life|time))?)"

FORWARD: tuple[tuple[Stance, str], ...] = (
    ("hate", r"(?:had|have had|ive had|weve had|had had) (?:it )?(?:up to (?:here|my \w+)|(?:my|our) (?:fill|share)|(?:a )?(?:bellyful|gutful|skinful)|it|quite enough|more than enough) (?:with|of|about)"
             r"|" + _SO + r"(?:sick|tired|fed up|bored|weary|sick and tired)(?: to (?:death|the back teeth)| stiff| rigid| silly| senseless| to tears)? (?:of|with|by)(?: watching| seeing| all the| all these| the same old)?"
             r"|" + _SO + r"(?:burn(?:ed|t) out on|od(?:d|ed)? on|overdosed on|through with|finished with|done with|" + _NOW_OVER + r")(?: with)?(?: the whole)?(?= \w)(?! \d)"
             r"|(?:life is|lifes|life) (?:way |far |much )?too short for|(?:swore|sworn|given up on|giving up on) off"
             r"|(?:(?:have|has|had|got|ive|weve|with) )?(?:absolutely )?(?:no|zero|little|not an ounce of) (?:time|patience|stomach|interest|use|desire|tolerance|appetite|love|need|wish|room|space) (?:for|in|of|to (?:see|watch|sit through|buy))"
             r"|(?:not|never|un)(?: remotely| at all| really| even| the least bit| in the least| that)* ?interested in"),
    ("hate", r"(?:couldnt|could not|cant) care less about|(?:dont|do not|couldnt|doesnt) give a (?:toss|damn|monkeys|hoot|fig|shit|fuck|rats ass|stuff) about"
             r"|" + _CANT + r"(?: really| honestly| just| even| physically| ever| be)* (?:be (?:doing|dealing|having|arsed|bothered|dealt) with|(?:get )?past|hack|sit through|sit thru|face|endure|suffer|put up with|look at|listen to|be around|be near|do(?= )(?! (?:better|without|it|that|this|with|so|anything|more|much|any)))"
             r"|" + _WONT + r"(?: ever| even| be)* (?:go near|going near|touch(?:ing)?|sit(?:ting)? through|entertain|consider|considering|hear of|stand for|put up with|tolerate|tolerating|watching|have|having)(?: anything(?: with| by| from| like)?)?" + _MORE),
    ("hate", r"(?:id|i would|wed|we would) (?:honestly |much |genuinely |literally |actually |far )*(?:rather|sooner) (?:\w+ ){1,9}than " + _WATCH + _MORE
             + r"|(?:you|they|he|she|nobody|no one|nothing|noone) (?:couldnt|could not|cant|cannot|wont|wouldnt|could|can|would|will)(?: ever| even| possibly)? (?:pay|get|make|force|drag|convince|persuade|bribe) me (?:enough )?to " + _WATCH + _MORE
             + r"|(?:there is |theres )?no (?:way|chance)(?: in hell| on earth)?(?: that)? (?:im|i am|am i|were|we are|ill|i will)(?: be| ever| going to)* " + _WATCH + _MORE
             + r"|(?:the )?last thing (?:i|we) (?:want|need|fancy|wanted|needed)(?: to (?:see|watch|do))?(?: right now| tonight| now| today| this evening)?(?: is| are)(?: to (?:see|watch|sit through)| to be| watching)?" + _MORE
             + r"|(?:i |we |id )?draw the line at|(?:its )?(?:a |an )?(?:hard|big|firm|definite|massive|flat|solid|strong|resounding|absolute|emphatic)?(?: fat)? ?no (?:to|from (?:me|us) (?:on|to|for))|(?:saying|say|said) no to|thumbs down (?:to|for|on)|(?:please )?(?:veto(?:ing)?|nix|swerve|dodge|bin off|ban|blacklist|ditch)(?: the| all| any| anything with)*"),
    ("hate", r"(?:is |are |im |gets |get |was |i get |easily )*(?:scared|terrified|frightened|petrified|afraid|(?:a )?phobi(?:c|a)|squeamish|triggered|traumatised|traumatized|freaked out|grossed out|creeped out|weirded out|put off|turned off|repulsed|disgusted|sickened|annoyed|irritated|upset|made ill|intolerant|averse|opposed)(?: \w+ly)? (?:of|about|by|to|with|around)(?: anything(?: with| about)?| the sight of| any)?"
             r"|(?:not |be |im )opposed to"
             r"|(?:(?:has|have|got|a|an) )*(?:phobia|aversion|hatred|intolerance|allergy|dislike) (?:of|about|to|for|with)"
             r"|(?:keep|get|take)(?= (?:\w+ ){1,4}(?:(?:well |far |right )?away|far from|out of my sight|off my (?:screen|list))(?: |$))"
             r"|give(?: the| that| those| any| all)*(?= (?:\w+ ){1,4}(?:a (?:miss|rest|wide berth|swerve|body swerve|skip)|the (?:boot|elbow|heave ho|push|chop))(?: |$))"
             r"|" + _SO + r"(?:gone|went) (?:right |totally |completely |really )*off(?! (?:to|on|with|the rails)(?: |$))|(?:im|were) (?:totally |right |completely )?off(?= \w)(?! (?:to|on|out|work|sick|school|today|tonight|tomorrow|the|for)(?: |$))|grew out of|grown out of|outgrown"),
    ("dislike", r"what (?:did|do|does|do you|did you) (?:people |anyone |everyone |anybody |they |critics |you )*(?:ever )?see in|(?:why|how) (?:do|does|did|can|could|would) (?:so many |people|anyone|everyone|anybody|they)(?: people)?(?: \w+ly| ever)* (?:like|love|rate|enjoy|rave about)"),
    ("like", r"(?:big |massive )?thumbs up (?:for|to|on)"),
    ("exclude", r"dont (?:you |even |u )*(?:dare|think about|bother)(?: (?:suggest|suggesting|show|showing|recommend|recommending|with|mention|mentioning|put on))?(?: me| us)?(?: another| any)*|i beg (?:you|of you)(?: not| no more)(?: to)?(?: \w+ me| \w+)?|(?:go easy|ease up|hold back) on(?: the)?|less of the|spare (?:me|us)(?! [.,]|$)(?: from)?(?: the| any| all| anything with| another| more)*|save me from|deliver us from|protect me from"
                r"|(?:anything|everything|everyone|anyone|all) (?:but|bar|except|besides|apart from|other than)|(?:please )?(?:leave|keep|cut|strip|weed) out(?: the| all| any| anything with)*"
                r"|(?:free of|clear of|devoid of|void of|lacking)|(?:nobody|no one|noone) (?:called|named|like|from|who is)"),
    ("dislike", r"(?:wish (?:i|we) (?:hadnt|had not|had never|never|could un\w+|could forget|didnt)|regret(?:ted)?|shouldnt have|should not have|should never have|why did i|cant believe i)(?: ever| even)* (?:bother(?:ed)? with|wast(?:ed?|ing) \w+(?: \w+){0,3} (?:on|with|watching)|watch(?:ed|ing)?|see(?:n|ing)?|sat through|sitting through|sit through|sat thru|bought|buying|paid for|pay for|put on|rented|saw)"
                r"|(?:wasted|lost|threw away|flushed|burned|spent) " + _LONG + r" (?:on|with|watching|to|in|sitting through)"
                r"|(?:struggled|slogged|ploughed|plowed|trudged|suffered|snored|slept|dozed|yawned|cringed|winced|groaned|fidgeted|sat bored)(?: my way| our way| all the way| right| half(?: ?way)?| with| to get| to make it| to stay awake)*(?: through| during| with| in)"
                r"|(?:endured|abandoned|ditched|dnfd|dnf|tapped out of|noped out of|checked out of|bailed (?:on|out of|from|halfway through)|stormed out of|left halfway through|gave up (?:on|with|halfway through|half way through|midway through)|lost interest in|got bored (?:of|with|during|in|by|halfway through)|zoned out (?:during|in|of|watching)|(?:nodded|dozed|drifted) off (?:during|in|watching|to|halfway through)|rolled my eyes (?:all the way |right )?(?:through|at)|(?:turned|switched) (?:it )?off(?: halfway through| after)?)"),
    ("dislike", _DIDNT + r"(?: really| quite| ever| particularly| exactly| even| much| at all| fully)* (?:click|gel|vibe|jive|get on|got on|get along|connect|connected|warm|take|took|bond|engage|agree|jell|resonate|rate)(?:ed)? (?:with|to)"
                r"|" + _DIDNT + r"(?: really| quite| ever| at all| even)* (?:see|get|got|understand|understood|saw|grasp|buy)(?: the| what the| why the| all the)* (?:point|appeal|fuss|hype|attraction|big deal|love|obsession)(?: is)?(?: of| in| with| about| around| over| for| behind)*"
                r"|(?:was |were |am |im |felt |left |been |got |being )*(?:\w+ly |a bit |so )?(?:underwhelmed|let down|unimpressed|unmoved|disappointed|appalled|baffled|horrified|nonplussed|put off) (?:by|with|at|after)"
                r"|not (?:\w+ly |too |that |so |all that |very |exactly |much )*(?:taken|sold|gone|big|huge|hot|mad|crazy|wild|enamoured|enamored|bothered|fussed|hooked|smitten|struck|a believer|convinced|thrilled) (?:on|with|by|about|in|of)|not much of a(?: \w+)? (?:one|fan) (?:for|of)|never (?:been|was)(?: much of| really| one| a big| big| that| a huge)*(?: a)?(?: fan| one| big| keen| into)? (?:for|of|on)"
                r"|(?:never|didnt|dont) (?:took|take|warm(?:ed)?) to|never(?: \w+ly| much| once| even)* (?:liked|enjoyed|loved|rated|cared for|got into|got|understood|trusted|bothered with)(?= \w)"),
)  # fmt: skip
"""Idioms that speak of what follows."""

_NO = (
    r"(?:a |an |such a |one |one of my |my |our |that |the )?(?:hard|big|huge|firm|definite|massive|flat|instant|automatic|absolute|total|strict|major|hell|personal|strong|biggest|worst)*"
    r"(?: |(?<= )|(?<=^))(?:no|no no|nono|no go|nope|deal ?breakers?|turn ?offs?|non starter|red flags?|red lines?|pass|veto|hell no|nightmare)"
)
_NOT = r"(?:(?:is|are|was|were|its|theyre|thats) (?:really |just |so |still |definitely |simply |absolutely |honestly )*not|isnt|arent|aint|wasnt|werent|not)(?: really| exactly| quite| at all| so much)*"
_DO = r"(?:do|does|did|doing|done)"

BACKWARD: tuple[tuple[Stance, str], ...] = (
    ("hate", _SO + r"(?:(?:gets?|got|getting|grates?|grated|grating|gets right|gets really) (?:right |really |seriously |so )?(?:on (?:" + _MY + r" (?:\w+ )?(?:nerves?|wick|tits|goat|nipples)|" + _ME + r")|under " + _MY + r" skin|" + _MY + r" goat|" + _MY + r" back up)"
             r"|grinds? " + _MY + r" gears|" + _DO + r" (?:my|our|his|her) (?:head|nut|nuts|brain|bonce|box) in"
             r"|(?:drives?|drove|driving|sends?|sent) " + _ME + r" (?:mad|nuts|crazy|insane|up the wall|round the (?:bend|twist)|bonkers|batty|potty|spare|to sleep|over the edge)"
             r"|(?:winds?|wound|winding|turns?|turned|bugs?|bugged|irks?|irked|peeves?|ticks?|ticked|pisses|pissed|hacks?|cheeses?|naffs?) " + _ME + r"(?: right| really)?(?: up| off)?"
             r"|(?:infuriates?|infuriated|sickens?|sickened|disgusts?|disgusted|repulses?|appals?|appalls?|triggers?|upsets?|upset|terrified|scared|spooks?) " + _ME
             + r"|(?:makes?|made|making) " + _MY + r" (?:skin crawl|flesh (?:creep|crawl)|stomach (?:turn|churn)|blood boil|eyes (?:roll|bleed|glaze over)|teeth (?:itch|hurt)|toes curl|head (?:hurt|spin|ache)|brain (?:hurt|ache)|ears bleed|heart sink)"
             r"|(?:makes?|made|making) " + _ME + r" (?:feel )?(?:sick|cringe|queasy|ill|gag|angry|furious|wince|nauseous|uncomfortable|anxious|yawn|squirm|rage|shudder|dizzy|roll my eyes|want to (?:throw|puke|vomit|scream|leave|die|claw|gouge|switch|turn|be sick|walk out)(?: \w+){0,3})"
             r"|(?:turns?|turned|churns?) " + _MY + r" stomach|rubs? " + _ME + r"(?: up)? the wrong way|rubbed " + _ME + r"(?: up)? the wrong way"
             r"|(?:gives?|gave|giving) " + _ME + r" (?:the (?:creeps|ick|icks|willies|heebie jeebies|fear|horrors|shudders|shivers|collywobbles|jitters)|hives|nightmares|(?:a )?(?:headaches?|migraines?)|anxiety|panic attacks|bad dreams|motion sickness)"
             r"|(?:creeps?|creeped|freaks?|freaked|weirds?|weirded|grosses|grossed|stresses|stressed) " + _ME + r" out)(?: no end| something rotten| every time| these days| big time| so much| a bit)?"),
    ("dislike", r"(?:is |was |its |theyre )?(?:the |a |one of the )?(?:\w+ )?(?:one |film |movie |thing |product )?(?:that )?(?:i|we)(?:d| would| wish i could| want to| could)(?: happily| gladly| love to| like to| just)* (?:delete|erase|unsee|unwatch|scrub|wipe|forget|burn|banish|bin|uninvent)(?: from (?:history|memory|existence|my (?:mind|brain|memory)|the planet)| it| forever)*(?= [.,]|$)"
                r"|(?:no|never|not) (?:ever )?again(?= [.,]|$)|(?:get|keep|take) (?:it|that|this|them|him|her) (?:well |far |right )?(?:away(?: from me)?|out of my sight|off my (?:list|screen))"),
    ("hate", r"(?:is |are |its |theyre |thats |was |were |would be |being |always )*" + _NO + r"(?: for (?:me|us|him|her|them|the kids|my \w+)| here| in (?:my|our) (?:house|book))?(?= [.,]|$| (?:tho|though|tbh|please|sorry|and|but|so|full stop|period)(?: |$))"
             r"|(?:is |are |its |theyre |has to be |must be |stays? |remains? |was |strictly |all |completely |firmly )+(?:out|out of the question|off (?:the (?:table|list|menu|cards|agenda)|limits|(?:my|our) list)|banned|barred|vetoed|verboten|forbidden|blacklisted|dead to (?:me|us)|ruled out|struck off|excluded|prohibited|unwelcome)(?! (?:on|in|of|now|there|for|this|next|yet|to|already)(?: |$))"
             r"|" + _NOT + r" (?:happening|allowed|welcome|an option|acceptable|wanted|invited|on the (?:cards|table|menu|list)|on my watch|in (?:my|this|our) house|up for discussion|(?:even )?(?:a )?(?:consideration|possibility))(?= [.,]|$| (?:tonight|please|here|thanks|at all|ever|today|tho|though)(?: |$))"
             r"|(?:can|could|should) (?:all |both |just |please |honestly |happily |quite frankly |frankly )*(?:get (?:in (?:the|a) (?:bin|sea|skip)|lost|stuffed|bent|to fuck|fucked|knotted)|do one|go away|jog on|piss off|fuck off|sod off|bugger off|go (?:to hell|in the bin|jump(?: in a lake)?|hang|do one|burn|die in a fire)|stay (?:away|home|out|gone|where (?:it|he|she|they) (?:is|are))|take a (?:hike|running jump|long walk)|eat (?:my shorts|dirt))"
             r"|(?:should|must|need to|needs to|has to|have to|ought to|is to|are to) (?:be (?:avoided|banned|excluded|left out|skipped|binned|illegal|avoided at all costs)|stay (?:away|out))|need not apply|neednt apply|begone|go away(?= [.,]|$)|(?:at|over) (?:all costs|my dead body)"
             r"|(?:is|are|was|appears|stars|turns up|shows up|pops up)(?: in (?:it|there|this|that|one))?(?: ,)?(?: then)? (?:count me out|im (?:out|gone|not (?:watching|interested|in))|no deal|i walk|forget it|ill pass|i pass|i wont watch(?: it)?)"
             r"|stop (?:showing|recommending|suggesting|pushing|offering|giving) (?:me |us )?(?:him|her|them|it|that|those|these)(?= [.,]|$)"),
    ("dislike", r"(?:" + _SO + r"(?:left|leaves?|leaving) " + _ME + r" (?:\w+ )?(?:cold|flat|unmoved|indifferent|bored|wanting)|" + _DO + r" (?:absolutely |literally |precisely |very |really )?(?:nothing|little|sod all|naff all|bugger all|jack|zilch|nada) for " + _ME
                + r"|(?:didnt|doesnt|dont|did not|does not|never)(?: really| quite| exactly)? (?:do (?:it|much|anything|a thing)|float my boat|light my fire|work|land|click|gel|grab|move|speak|appeal|hit the spot|cut it|resonate|win|impress|convince|hook|interest)(?: (?:for|to|with))?(?: (?:me|us))?(?: over| at all)*"
                r"|(?:bores?|bored|boring) (?:the (?:pants|socks|tits|arse|life|hell|crap|living daylights) (?:off|out of) )?(?:me|us)(?: (?:to (?:tears|death|sleep)|stiff|rigid|senseless|silly|so much|shitless))?"
                r"|(?:put|puts|sent|sends|had) (?:me|us) (?:right |straight |fast )?(?:to sleep|asleep|in a coma|off)|lost (?:me|us)(?: (?:at|after|halfway|half way|early|completely|within|about|around|in|by|pretty|very|totally)(?: |$)(?:\w+ ?){0,3})?(?= [.,]|$)"
                r"|" + _NOT + r" (?:(?:my|our|her|his|their) (?:bag|jam|scene|speed|style|thing|vibe|cup of tea|flavou?r|idea of (?:fun|a \w+(?: \w+)?)|(?:kind|sort|type) of (?:film|thing|movie|humou?r|show|product)|taste|cuppa|bag of \w+|deal|genre|type)|for (?:me|us|her|him|them)|it(?= [.,]|$)|the one(?= [.,]|$)|the vibe|(?:a )?(?:patch|touch) on|worth (?:it|the (?:hype|money|time|price|ticket|wait|watch|effort|bother))|up to much|all that|(?:all )?(?:it|its) cracked up to be|what i (?:was after|expected|hoped(?: for)?|had in mind)|doing it for me|fond of|having (?:it|that)))(?: anymore| any more| tbh| at all)*"),
    ("dislike", r"(?:is |was |are |were |its |such |pretentious |boring |tedious |sentimental |self important |self indulgent |soppy |just |really |honestly |frankly |like |felt like |feels like |what |a |an |the |complete |total |utter |absolute |right |proper |bit of |biggest |sheer |pure |one |long |big |massive |load of |pile of |bag of |piece of |heap of |waste of )*"
                r"(?:snooze ?fest|yawn ?fest|bore ?fest|cringe ?fest|snooze|yawn|slog|trudge|cure for insomnia|abomination|atrocity|travesty|disgrace|stinker|turkey|shambles|train ?wreck|car crash|dumpster fire|trash fire|hot mess|damp squib|wash ?out|write ?off|swizz|rip ?off|cash ?grab|let ?down|dud|flop|bore|tripe|drivel|bilge|tosh|twaddle|dross|guff|bobbins|bollocks|bullshit|crock|junk|dreck|schlock|nonsense|rubbish|garbage|clunker|endurance test|chore|ordeal|punishment|torture|mess|waste of (?:\w+ ){0,2}(?:time|money|space|hours|minutes|evening|celluloid|my life|a (?:\w+ )?(?:evening|night|day)))(?= [.,]|$| (?:for|from|imo|tbh|if|of a|and|but|that|to)(?: |$))"
                r"|(?:is |was )?" + _LONG + r" (?:of (?:my|our) (?:life|lives) )?(?:that |which )?(?:i|we)(?:ll| will| am| m)? (?:never|not|wont|want|would like|d like|id like)(?: ever| going to)?(?: be)? ?(?:get(?:ting)?|have|getting)? ?back|(?:i |we )?(?:want|wanted|demand|need) (?:my|our) (?:time|money|evening|life|\w+ hours|hours|\w+ minutes) back"),
    ("dislike", r"(?:i |we )?(?:just |honestly |really |nearly |almost |literally )*(?:gave up|bailed|walked out|left|fell asleep|nodded off|dozed off|zoned out|drifted off|checked out|switched (?:it )?off|turned (?:it )?off|tapped out|noped out|quit|stopped)(?: on it| it)? (?:after|halfway|half way|midway|within|before|at|in|ten|twenty|thirty|\d+|partway|part way|about|around|during|twice)(?: (?:the |a |an |about |like |through|in|into|\w+))*?(?= [.,]|$| (?:so|and|but)(?: |$))"
                r"|(?:i |we )?(?:couldnt|didnt|cant|could not|did not|never|dont)(?: really| quite| even| ever)* (?:get on with|get into|get past|get along with|finish|make it (?:through|to the end)|see the (?:appeal|point|fuss)|get the (?:appeal|point|fuss|hype)|understand the (?:appeal|fuss|hype)|make it past|stick with|last|wait for)(?: it| that| them| the end| to the end| for it to (?:end|finish|be over))*(?= [.,]|$| (?:at all|though|tho|tbh|sorry|so|and)(?: |$))"
                r"|(?:couldnt|could not) (?:wait|be happier|have been happier)(?: for it| till it| until it| when it)* (?:to (?:end|finish|be over)|(?:was|to be) over|ended|finished)|(?:was |were )?(?:so )?(?:glad|relieved|happy) (?:when|once) (?:it|they|that) (?:was|were|ended|finished|stopped)(?: over| done)?"
                r"|(?:broke|died|packed (?:it |up )?in|conked out|gave up the ghost|stopped working|fell (?:apart|to (?:bits|pieces))|flaked|burn(?:ed|t) out|snapped|leaked|leaks|rusted|cracked|melted|warped|shattered|went (?:straight )?(?:back|in the bin|bang))(?: on me| completely| off| everywhere| again| all)*(?= [.,]|$| (?:after|within|in|on|the|about|and|inside|almost|before|all)(?: |$))"
                r"|(?:i |we )?(?:had to (?:return|send|take) (?:it|that|mine)(?: back)?|(?:returned|binned|chucked|ditched|sold|sent) (?:it|mine|that)(?: back| away| out)?)(?= [.,]|$| (?:after|within|in|and)(?: |$))"
                r"|(?:i )?(?:do not|dont|would not|wouldnt|cannot|cant|couldnt) (?:recommend|bother|be bothered)(?: it| them| this| with it)?(?= [.,]|$)|(?:can be |is |best )?(?:avoided?|skipped?)(?: at all costs| like the plague)(?= [.,]|$)"),
)  # fmt: skip
"""Idioms that speak of what stands before them."""

SEALED = re.compile(rf"(?<![^ ])(?:{BACKWARD[0][1]}|{BACKWARD[3][1]})(?= |$)")
"""Idioms whose words mean nothing one by one: the "cold" of "left me cold"."""
