"""English phrases that show where a person stands.

Owns: regular expressions over `Text.flat` (normal forms, so "don't" is ``dont``). Does not own:
idioms of refusing (`refusals`), or how far a phrase reaches (`polarity`).
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

from assistant.understanding import refusals
from assistant.understanding.mentions import Stance

_VERY = r"(?:really |absolutely |just |also |totally |all |particularly |especially |quite )*"
_NOT = r"(?:dont|do not|didnt|did not|doesnt|does not|never|cant say i|cannot say i|wont)"
_TOO = (
    r"(?:too|very|so|overly|that|all that|super|really|particularly|especially|as|quite|terribly"
    r"|extremely|excessively|exactly)(?: much| many)?"
)
_ARE = r"(?:is|are|was|were|looks|look|sounds|sound|seems|seem|looked|sounded)"

_FEEL = (
    r"(?:love|loves|loved|like|likes|liked|adore|adores|adored|enjoy|enjoys|enjoyed|hate|hates|hated"
    r"|dislike|dislikes|disliked|recommend|recommends|recommended|prefer|prefers|rave about|raves about"
    r"|raved about|swear by|swears by|cant stand|be into|be (?:a )?fans? of|is into|was into|were into|banging on about|going on about"
    r"|talking about|talks about|raving about|praising|praise|praises|praised|yapping about|rave on about|wont shut up about|wouldnt shut up about|found|finds|thought|thinks|(?:is |was |were |be )?obsessed with|recommending|hyping|hype"
    r"|worship|worships|worshipped|(?:is |was |went |go |goes )?(?:mad|crazy|nuts|wild) (?:for|about|over)|fawn over|gush over|gushed over|telling me to (?:watch|see|try|buy|get)"
    r"|(?:told|tells|tell) me to (?:watch|see|try|buy|get)|(?:told|tells|tell) me(?: that)?|had|has|owns|bought|live[ds]? for|say|says|said)"
)
_CROWD = (
    r"(?:everyone|everybody|(?:most |some |other |lots of |all the |so many )?people|(?:the |some |all the )?"
    r"(?:critics|reviewers|reviews|experts|kids these days)|they say|the internet|(?:my|his|her) ex(?: \w+)?"
    r"|half the world|the whole world|the world|reddit|twitter|tiktok|my (?:\w+ )?(?:boss|neighbou?rs?|teacher|professor|lecturer|colleagues?|co ?workers?))"
)

_ONCE = (
    r"(?:i |we )?used to (?:be )?(?:really |absolutely |totally |always |so |quite )*(?:"
    + _FEEL
    + r"|mad for|mad about|into|crazy about|big on|keen on|(?:a )?(?:huge |big )?fan of)"
)

FORWARD: tuple[tuple[Stance, str], ...] = (
    # What others think, and what once was, is no stand of the person's.
    ("dislike", _ONCE + r"(?=.{0,80} (?:not any ?more|any ?more|no longer|not now|not these days"
                r"|went off|gone off|grown out|outgrew|outgrown|over (?:it|them)|sick of (?:it|them)))"),
    ("neutral", _CROWD + r"(?: (?:on|in|at|from) (?:(?:the|my|this|our) )?\w+| i know| online| these days| around me| out there| else| but me)*(?: \w+ly| all| always| is| are| was| were| seems? to| keeps?(?: on)?| says? they| still| else)* " + _FEEL
                + r"|(?:do )?you(?: must| really| seem to| obviously| also| clearly| probably| do)* (?:like|love|enjoy|hate)"
                + "|" + _ONCE + r"|(?:my \w+|he|she|a friend|someone|somebody)(?: \w+ly| also| always| still)?"
                r" (?:says|said|reckons|thinks|told me|tells me|insists|claims|swears by|swears)(?! (?:no|not|nothing)(?: |$))"),
    ("never", r"(?:i |we )?(?:will |would )?never(?: ever)?(?: again)?(?: want| watch| buy| see| show me| recommend)?"
              r"(?: me| to see| to watch| another)*(?: any| a| an| anything| something| with)*|not ever"),
    ("hate", r"(?:dont|do not|doesnt|does not)(?: \w+ly| much| even| ever)* (?:like|want to see)(?: any)?(?: anything| anyone)?(?: with| about| too)?"),
    # A double negation praises.
    ("like", r"(?:you )?cant go wrong with|(?:cant|cannot) (?:beat|get enough of)"
             r"|nothing (?:beats|tops|is better than)|never get tired of|never tire of"),
    ("neutral", r"(?:im|i am|were|we are|youre|you are|people are) (?:\w+ly )?(?:meant|supposed) to (?:like|love|enjoy|adore|rate|worship|have loved)"),
    ("neutral", r"(?:(?:still |really )*(?:havent|have not|cant|couldnt|not|yet to|trying to)(?: quite| really| yet)? (?:decide[d]?|made up my mind|make up my mind|sure|tell|say|figure[d]? out|work(?:ed)? out)(?: yet)?|undecided|on the fence) (?:whether|if|about)(?: (?:i|we))?(?: \w+ly| even| ever)*(?: (?:like[d]?|love[d]?|hate[d]?|enjoy(?:ed)?|dislike[d]?))?"
                r"|(?:never|doesnt|dont|wont|cant|wouldnt|didnt) (?:stops?|shuts? up|leaves? off|quit)(?: (?:going on|talking|raving|banging on|gushing|yapping))?(?: about)?"),
    ("neutral", r"not that (?:i |we )(?:dislike|hate|dont like|mind)|never said (?:that )?(?:i |we )?(?:liked|loved|hated|disliked|like|love|hate)|(?:wouldnt|would not|cant|cannot|dont|wont) say (?:that )?(?:i |we )?(?:really )?(?:dislike[d]?|hate[d]?|love[d]?|like[d]?)"
                r"|(?:i am|im|we are|were|i come|we come|born|hes|shes|they are)(?: \w+){0,2} from"
                r"|if (?:thats|that is|its) (?:ok|okay|alright|all right|fine|possible|allowed|cool)|not (?:only|just|necessarily)(?: a| an| the)?|no (?:idea|matter|worries|thanks"
                r"|thank you|preference|preferences|clue|rush|problem|need|wonder|doubt|one)"
                r"|why not|if not|not sure|not bad|no(?= [.,]| i meant| i mean| wait| actually| sorry)"
                r"|whether or not|or not|dont know(?: if)?|cant wait"),
    ("waive", r"(?:dont|do not|wouldnt|would not|didnt) mind(?: a bit of| some| any)?"
              r"|not opposed to|nothing (?:wrong with|against)|no problem with|im (?:ok|okay|fine"
              r"|cool) with|open to|happy with|can live with|(?:changed my mind|was wrong|was mistaken) (?:about|on)|(?:was )?too (?:harsh|hard) on"
              r"|(?:take back (?:what i said|that|it|everything) about|forget|drop|scrap|remove|ignore|never ?mind|lose|lift|cancel)(?: about)?"
              r"(?: the| my| that)*(?: no)?|(?:doesnt|does not) matter(?: to me)? (?:if|whether)(?: its| it is| it| they are| theyre)*|(?:dont|do not|doesnt) care (?:about|if)(?: the| its"
              r"| it is)*|(?:doesnt|does not|dont|do not|neednt|need not|didnt)(?: really)?"
              r"(?: have| need)? (?:to )?be(?: a| an| in| from| that)*"),
    ("like", r"(?:still )?not (?:yet )?over(?! (?:a|the|an|\d)(?: |$))|(?:never|havent|have not|cant|couldnt) (?:got|gotten|get) over"
             r"|(?:didnt|did not|never|wasnt) (?:expect|expected|expecting|thought id|think id|think i would)(?: to)? (?:like|love|enjoy|rate)"
             r"|(?:the )?same (?:energy|vibes?|feel|feeling|mood|spirit|flavou?r|sort of thing|kind of thing) as"
             r"|(?:i|we) (?:always |still |keep )?(?:re ?watch(?:ing)?|watch|stick on)(?=[^.,]* (?:every|each) (?:year|christmas|xmas|halloween|week|month|winter|summer|autumn|birthday))"),
    ("dislike", r"lifes too short (?:for|to (?:watch|see|sit through|finish|waste on))|(?:really |so |desperately )*(?:wanted|was hoping|hoped) to (?:like|love|enjoy|rate)"),
    ("like", _VERY + r"(?:love|loves|loved|loving|lovd|adore|adores|adored|enjoy|enjoyed|enjoying|liked|likes"
             r"|admire|dig)|like|(?:i am |im |were |we are )?(?:a |an )?(?:big |huge |massive "
             r"|great |real )?fans? of|im into|(?:really|totally|very|so|big) into"
             r"|(?:my |our |all ?time |his |her |their )+(?:favou?rites?|best|top)(?: \w+){0,4}"
             r" (?:is|are|was|were|include|includes|would be|has to be|have to be|must be)"
             r"|favou?rites? (?:is|are|include|like)|similar (?:to|with|in \w+ to)|remind(?:s|ed)"
             r"? me of|reminiscent of|in the (?:style|vein|spirit) of|along the lines of|such as"
             r"|more of|(?:vibe|vibes|feel|feeling|style|spirit|mood|energy|tone|atmosphere) of"
             r"|as good as|obsessed with|crazy about|mad about|closer to|a sucker for|based on my"
             r" love of"),
    ("dislike", _NOT + r" (?:\w+ly |much |ever |quite |even |that |all that |at all )*(?:like|enjoy"
                r"|love|care for|dig|rate|go for|get)|dislike[sd]?|disliking|(?:not|wasnt|isnt"
                r"|never|aint)(?: been| really| that| much| so| too| particularly| ever)*"
                r"(?: a| an| the| such a)*(?: big| huge| massive| great| real)* fans? of"
                r"|(?:not|wasnt|arent|isnt|never)(?: really| so| that| too| particularly| very"
                r"| much| super)* (?:into|keen on|fond of|crazy about|wild about|mad about)"
                r"|(?:couldnt|could not|cant|didnt) (?:get into|finish|stand to finish|connect with"
                r")|bored by|disappointed (?:by|with|in)|(?:didnt|did not|dont) think (?:much|a lot) of|thought (?:very )?little of"
                r"|(?:wasnt|not|werent|isnt)(?: \w+)? impressed (?:by|with)|(?:could|can) (?:live|do) without|no love for"
                r"|(?:switched|turned) off|walked out (?:of|on)|(?:fell|fall) asleep (?:in|during|watching)|gave up on|bailed on"
                r"|suffered through|sat through|(?:wish i hadnt|wish i had not|regret) (?:watched|watching|seen|seeing|bought|buying)"),
    ("hate", r"(?:i |we |he |she |they )?(?:really |just |absolutely |honestly |also )*(?:dont|do not|doesnt|does not)(?: \w+ly| much| even| ever)* (?:like|want to see)(?: any)?|"
             + _VERY + r"(?:hate|hates|hated|hating|loathe[sd]?|despise[sd]?|detest(?:s|ed)?"
             r"|abhor)|(?:cant|cannot|can not|couldnt|could not) (?:stand|follow|handle|cope with|get through|abide|bear|take|deal with"
             r"|tolerate|stomach|watch)|(?:sick|tired|sick and tired)(?: to death)? of|fed up with"
             r"|allergic to|bored (?:of|with)|enough of|had enough of"),
    ("exclude", r"no (?:thanks|thank you) (?:on|to|for)(?: the)?|(?:hard |ill |id |i will )?pass on(?: the| any| all)?"
                r"|enough with(?: the| all the)?|spare me(?: the| any)?(?! [.,]|$)|anything bar|all but|rule out(?: anything| with| the| any)*"
                r"|stop (?:showing|recommending|suggesting|giving|pushing)(?: me| us)?(?: the| any| more)*|count me out of"
                r"|keep(?= (?:\w+ ){1,3}out of)|leave(?: the| out)?(?= (?:\w+ ){0,2}out(?: |$))"),
    ("hate", r"(?:im |we are |i am |were )(?:so |totally |completely |just )*(?:over|done with)(?: the)?"
             r"|(?:had|had had) (?:my|our) fill of|(?:have |ive )?had it with|(?:i |we )(?:really )?dont do|not one for"
             r"|no (?:time|patience) for|(?:i |we )?(?:wont|wouldnt) touch|cant be (?:doing|bothered) with|put off by|out than (?:watch|see)"),
    ("dislike", r"(?:ugh|yuck|bleh|eww|ew)(?: not)?(?: the| more| another)*"),
    ("like", r"(?:i am|im|we are|were|been|was) (?:\w+ly |quite |very |so |more than |pretty )*(?:happy|pleased|satisfied|delighted|chuffed|thrilled) with(?= (?:it|them|that|mine|ours)(?: |$))"),
    ("exclude", r"(?:absolutely |definitely |just |please |and |but |or )*(?:no|zero|none(?: of| by| with| from| in)*)"
                r"(?: more| other| such)*(?: the| any| a)?|neither|nor(?: any)?|nothing"
                r"(?: (?:with|by|from|like|involving|about|featuring|starring|that has|that is|of"
                r"|to do with|containing|including|else (?:with|by)|in))?(?: any| the)?"
                r"|without(?: any| a| the)?|(?:hasnt|havent|has not|have not|doesnt have|does not have|dont have)(?: got)?(?: any| a)?|avoid(?:ing|s)?(?: any)?"
                r"|excep?t(?:ing)?(?: for)?|exclud(?:e|es|ing)|anything (?:but|except|other than"
                r"|besides|apart from)|not(?: with| by| from| in| about| any| another| even| a"
                r"| an| the| like| one of| anything(?: like| with| by| from)?"
                r"| something(?: like| with| by| from)?)*"
                r"|(?:(?:must|should|could|may|ought)(?:nt| not)|cant|can not|shall not|wont)(?: be| have| contain"
                r"| include| involve| feature)?(?: a| an| any)?|cannot(?: be| have| contain)"
                r"|(?:dont|do not|didnt|doesnt|does not|please dont|not)(?: really)? (?:want|show|give|recommend|need|include|suggest"
                r"|have|watch|see|look for|looking for|contain|involve|feature|looking at)"
                r"(?: me| us| to see| to watch| it to be| anything| something| any| more| a| an"
                r"| the| with| by| from| like| about| in| of| another| that is| thats| more)*"
                r"|skip(?: the| any| all)?|minus|leave out|steer clear of|stay away from|keep out"
                r"|other than|apart from|aside from|isnt|arent|aint|wont watch|non|anti|hold the"
                r"|refuse[sd]?(?: to (?:watch|see|have|buy|use))?(?: anything| any)?(?: by| with| from)?"),
    ("avoid", r"(?:im |i am |were )?not (?:really |exactly |much of |so much )*(?:a|an)(?: big| huge| massive| great)?(?= (?:[\w ]+ )?(?:guy|person|gal|girl|man|woman|lover|type|kinda guy)(?: |$))"
              r"|(?:these|those|they|theyre|all of (?:these|them))(?: all)?(?: are| look| seem| feel| were)?(?: all)? (?:a (?:wee |little )?(?:bit|little|tad|touch)|rather|kinda|kind of|somewhat)(?= \w)"
              r"|(?:im |were |we are |i am )?not (?:\w+ly |so |that )?(?:in the"
              r" mood for|feeling|up for|after|fussed about)(?: anything| something)?"
              r"|(?:not|neither|nor|nothing|isnt|arent|nothing thats|nothing that is|dont want (?:it|anything"
              r"|something|one|it to be|something thats|anything thats|a film thats)|no need for)"
              r"(?: to be)? " + _TOO + r"(?: a| of a)?|not much|less|fewer|too(?! [.,]|$)|(?:without|no)"
              r" (?:being |getting |going |be )?(?:too|overly|that|so)(?: much| many)?"
              r"|(?:id |would |i would )?rather not(?: have| see| watch| get| do| be)?(?: something| anything| a| an| any| the| by| with| from)*"
              r"|(?:light|low|easy) on(?: the)?|tone down(?: the)?|(?:preferably|ideally|maybe"
              r"|prefer) (?:not|no|nothing|without)(?: with| by| a| too)?|rather than|instead of|as little|a bit less|(?:dont|do not) (?:want"
              r"|need) (?:too|so) (?:much|many)|a bit too|way too|far too|not overly"),
    ("same", r"(?:and |but )?(?:so|nor|neither) (?:was|were|is|are|did|do|does)(?: the| for)?"
             r"|(?:the )?same (?:with|for|goes for|about)|ditto(?: for| with)?|likewise(?: for| with)?"),
    ("want", r"if not(?: then)? (?:something|anything|one)(?: about| with| like| by| from)*"
             r"|(?:if not|failing that|otherwise)(?: then| maybe| perhaps| just| show me| give me| ill take)*(?= (?:an?|some|any)(?: |$))"
             r"|(?:so |and |but )?(?:now )?(?:im|i am|were|we are) (?:now )?(?:after|on the hunt for|hunting for|in the market for|shopping for)(?= \w)"),
    ("like", r"could (?:easily |always |happily )?(?:stand|do|bear) (?:to (?:watch|see)|with (?:watching|seeing))"),
    ("want", r"(?:wouldnt|would not|wont|wouldn t) say no to|could go for|cant say no to"),
    ("require", r"definitely(?= (?:a |an |the |in |from |with |by )?\w)(?! (?:not|no|dont|wont|nothing|never|the))|(?:must|has to|have to|has got to|have got to|got to|its got to|needs to|need to|needs|gotta)(?: definitely| really)?"
                r" (?:be|have|include|contain|feature|star|involve|come|work|run|fit|support|do|go)(?: a| an| in| from| with"
                r"| by| on| rated| some)*|only(?! [,.]|$)|strictly|exclusively|nothing but|purely"
                r"|(?:it )?better be"),
    ("ask", r"(?:have you got|do you (?:have|carry|stock|know|sell)|is there|got|what about"
            r"|how about|what about|what do you think (?:of|about)|tell me (?:more )?about"
            r"|looking for|want to (?:see|watch|rewatch)|find (?:me|us)|give (?:me|us)|do you know"
            r"|where can i (?:see|watch|find|buy|get)|play|let me (?:see|watch)|(?:^|(?<=\. ))is"
            r"|can i (?:see|watch|get|have)|lets watch|bring back|rewatch)(?: the (?:film|movie)"
            r"| a| any)?"),
    ("like", r"(?:ill|i will|we will|lets|ill just|i think ill) (?:take|have|go (?:with|for)|buy|get|order|pick|choose)"),
    ("want", r"(?:would|id|wed)(?: really| also)? (?:like|love|prefer|rather have|rather see|rather)(?: to (?:see"
             r"|watch|find|have|get))?|something|anything|someone|give (?:me|us)|show (?:me"
             r"|us)|find (?:me|us)|looking for|want(?: to (?:see|watch|find|get))?|wanna(?: see"
             r"| watch)?|need|recommend(?: me| us)?|suggest(?: me| us)?|how about|in the mood for"
             r"|feel(?:ing)? like|fancy|craving|got any|do you have(?: any)?|preferably|ideally"
             r"|prefer|let me see|make it|(?<!i )(?<!we )(?:should|must|could|has to|have to|needs to|ought to)(?: be able to)?"
             r" (?:(?:deal|cope|help|work) with|handle|tackle|manage|remove|get rid of)"),
    ("neutral", r"because of|as a (?:kid|child|teen|teenager)|when i was (?:a |an )?(?:kid|child|young|little|teen|teenager|student)?"
                r"|since i was (?:a |an )?(?:kid|child|young|little|teen|teenager)?|due to|thanks to"),
    ("want", r"but|however|although|though|yet|while|whereas|i mean|because|cause|since i|who"
             r"|which"),
    ("neutral", r"(?:^|(?<=\. ))(?:who (?:directed|wrote|made|plays|played|stars|starred|is|was|are)"
                r"|when (?:was|did|is|were)|how long is|what year (?:was|is)|where (?:was|is|did))"
                r"(?: in| the| a)*|than|never (?:seen|watched|heard of|saw)|(?:havent|have not|hasnt|not|ive not"
                r"|didnt|dont|do not)(?: yet| actually| ever)? (?:seen|watched|saw|heard of|know)"
                r"|(?:have|did|has) (?:you|anyone)(?: ever)? (?:seen|watched|see|watch|heard of"
                r"|tried)"),
    ("later", r"(?:but |just )?not (?:tonight|today|now|this time)(?= (?:the|number|that|this)(?: |$))"),
    ("later", r"(?:maybe |perhaps )?(?:another|some other) (?:time|day|night) for|(?:save|keep|park)(?= .*(?:later|tomorrow"
              r"|another|next time|weekend))|put off"),
    ("seen", r"(?:^|(?<=[.,] ))got(?: a| an| the| both)*(?=[^.]* already(?: |$))"),
    ("seen", r"(?:(?:i|we) (?:\w+ )?|(?:^|(?<=[.,] )))own(?: the| a| an| two)*"),
    ("seen", r"(?:i|we) (?:already )?know(?=[^.]* already(?: |$))|(?:i|we) already know"),
    ("seen", r"(?:i|we)(?:ve)? (?:have got|have|own|got|bought)(?: a| an| the| two| both)*(?=[^.]* already(?: |$))"),
    ("neutral", r"(?:mine|ours|my old one|our old one)(?: just| really| simply)? (?:cant|cannot|wont|doesnt|didnt|does not|never)(?: even)?"),
    ("neutral", r"(?:i |we )?(?:didnt|did not|never|havent|have not|to not|not)(?: yet| actually| even| ever)?"
                r" (?:see|seen|watch|watched|catch|get to see|get round to)(?: it| that| this)?(?= [.,]|$| (?:yet|one|the|that)(?: |$))"),
    ("seen", r"(?:he|she|they|(?:my|his|her) \w+)(?:s)?(?: already (?:has|have|had|owns?|got|bought)| (?:has|have|had|owns?|got|bought)(?= [^.]*already(?: |$)))(?: got)?(?: a| an| the| two| one)*"),
    ("seen", r"(?:ive |i have |we have |weve |i |we )?(?:already |just |recently |previously )*"
             r"(?:remember (?:seeing|watching)|had the|had a|had my|owned|tried|seen|watched|rewatched|re watched|saw"
             r"|(?:went|been|took (?:\w+ ){1,3}) ?to see|caught(?= (?:it|that|them|this)(?: |$)))"),
    *refusals.FORWARD,
)  # fmt: skip
"""Phrases that speak of what follows, with the stand they show; the longest match wins."""

LABELS: tuple[tuple[Stance, str], ...] = (
    ("like", r"(?:a )?(?:yes|yep|yeah|yay|likes?|liked|loves?|loved|hits?|good|great|favou?rites?|faves|favs|winners|keepers|thumbs up|in)"),
    ("dislike", r"(?:a )?(?:dislikes?|disliked|hated|misses|bad|boring|awful|(?:three |two )?strikes|flops|duds|losers|thumbs down|meh|disappointments|regrets|worst(?: \w+)?|let ?downs|not for (?:me|us)|didnt (?:like|work|enjoy))"),
    ("hate", r"(?:a |my |our |the |hard |big |absolute |main |pet |personal |definite |total |things (?:i|we) |stuff (?:i|we) |what (?:i|we) )*(?:no|nope|nah|nay|nos|noes|no nos|no gos?|deal ?breakers?|turn ?offs?|red (?:lines?|flags?)|hates?|cant stand|dont want|do not want|wont watch|avoid|please avoid|skip|exclude|excluding|off limits|not allowed|banned|bans|vetoe?s?|blacklist(?:ed)?|peeves?|dealbreakers?(?: for me)?|out|off the table|no thanks|without|triggers?|allergies|nope list|never(?: again)?)"),
    ("seen", r"(?:already )?(?:seen|watched|own(?:ed)?|have|got)"),
)  # fmt: skip
"""Words before a colon that say how the person stands on the list after it."""

_GOOD = (
    r"(?:sick|fire|lit|peak|super|bliss|hilarious|unforgettable|gripping|charming|pure (?:class|joy|bliss|magic)|goated|cracking|a banger|banger|the goat|goat|top notch|top tier|magnificent|stunning|gorgeous|delightful|flawless"
    r"|a blast|a riot|a joy|a treat|a hoot|a delight|quality|solid|class|superb|phenomenal|impeccable|unreal|dope|mint|chefs kiss"
    r"|great|good|amazing|brilliant|awesome|excellent|fantastic|perfect|lovely|wonderful|superb"
    r"|masterpiece|fun|beautiful|best|incredible|outstanding|classic|favou?rites?|gem|ace|terrific"
    r"|spot on|a triumph|a winner|a corker|a cracker|a belter|a keeper|a stunner|a beaut(?:y)?|a lifesaver|a godsend|a game changer|a must see|a must have|a must|the bees knees|the dogs bollocks|the business|top|mega|epic|legendary|iconic|genius|sublime|glorious"
    r"|spectacular|splendid|marvellous|marvelous|fabulous|fab|exquisite|pure gold|gold|a revelation|unbeatable|unmissable|faultless|immaculate|exceptional|extraordinary|remarkable|astonishing|a work of art|money well spent|worth every (?:penny|minute)|exactly (?:right|what i want(?:ed)?)|my thing|my cup of tea|up my (?:street|alley))"
)
_BAD = (
    r"(?:a mess|a complete mess|a chore|a slog|a drag|a dud|a flop|a waste(?: of (?:time|money|my time|my money))?|a disappointment|a joke|lame|naff|pants"
    r"|mid|bland|cringe|cringey|cringy|tedious|pretentious|overhyped|overlong|underwhelming|forgettable|unfunny|insufferable|laughable|lousy|poor|weak"
    r"|pointless|shite?|crappy|ghastly|mawkish|twee|schmaltzy|tripe|drivel|tosh|junk|pish|a borefest|(?:a|an) (?:\w+ )?(?:load|heap|pile|bag) (?:of|ae) (?:\w+ )?\w+|mediocre|nothing special|not (?:great|good|for us|it)|a snoozefest|so so|useless|broken|flimsy|cheap(?:ly made)?|bad|terrible|awful|boring|horrible|overrated|rubbish|dull|garbage|worst|trash|crap"
    r"|disappointing|dreadful|dire|too (?:long|slow|much|boring)|a (?:bore|snooze|letdown)"
    r"|meh|stupid|annoying|unwatchable|not (?:for me|my thing)|ugly|hideous|gross|grim|dreary|drab|vapid|insipid|lifeless|soulless|joyless|tiresome|interminable|unbearable|intolerable|excruciating|painful"
    r"|abysmal|atrocious|appalling|diabolical|woeful|dumb|idiotic|moronic|brainless|childish|preachy|smug|self indulgent|overblown|bloated|overdone|over the top|saccharine|predictable|derivative|unoriginal|uninspired|generic|formulaic"
    r"|incoherent|nonsensical|incomprehensible|lacklust(?:re|er)|sloppy|amateurish|wack|sucky|ropey|ropy|shoddy|tacky|offensive|trite|stale|corny|sappy|soppy|hammy|clunky|leaky|rubbishy|dated badly|a fraud|a con|a lemon|a let down|played out|done to death|unreliable|a stinker|the pits|dogshit|ass|a yawn)"
)
_SUMMED_UP = (
    r"(?:such |what |absolutely |just |truly |really )*(?:a |an )?{} (?:film|movie|one|thing|stuff|product|purchase"
    r"|buy|show|flick|piece of work)(?= [.,]|$)"
)
_VERYBE = (
    r"(?:really |so |absolutely |pretty |stone cold |a |an |the |my |one of |two of |three of |some of |both of |among |all ?time |just |very |such |such a"
    r" |totally |kind of |kinda |quite |bit |little |complete |also |both |all |always )*"
)

BACKWARD: tuple[tuple[Stance, str], ...] = (
    ("dislike", r"thumbs down(?! (?:to|for|on)(?: |$))|z{2,}(?= [.,]|$)|(?:felt like|seemed to|seemed like)(?: it)? (?:lasted|lasts|went on|goes on|took|dragged on|drags on)(?: for)?(?: (?!and|but)\w+){0,2} (?:years|hours|forever|eternity|lifetime|days|weeks|ages)"
                r"|(?:isnt|wasnt|arent|never|aint)(?: really| exactly)? (?:grabbing|grabbed|doing it for|calling|calling to|speaking to|appealing to|tempting|selling itself to) (?:me|us)|(?:gave|gives|give) (?:me|us) a headache|had (?:me|us) (?:yawning|snoring|asleep|bored)"
                r"|(?:really |just |totally |properly )*(?:bored|annoyed|irritated) (?:me|us)|(?:is |was |are )?not (?:my|our) (?:cup of tea|thing|bag)"
                r"|(?:was |is )(?:such )?a waste of (?:\w+ )?(?:hours|time|money|my time|my life|an evening)|(?:ugh|yuck|bleh|eww|ew)(?= [.,]|$)"),
    ("hate", r"(?:gives?|give) (?:me|us|him|her|them) (?:nightmares|the creeps|the ick|the heebie jeebies)"
             r"|(?:scares?|terrify|terrifies|creeps?|freaks?|gross|grosses) (?:me|us|him|her|them)(?: out)?"),
    ("exclude", r"free(?: please)?(?= [.,]|$| (?:film|films|movie|movies|please))"),
    ("later", r"(?:is |are )?(?:still )?(?:on|for) (?:my|our|the) (?:watch ?)?list(?: for)? (?:some other|another|a different|later)(?: day| time| night)?"
              r"|(?:maybe |but |just |though |perhaps |is |are )*(?:not (?:tonight|today|now|right now|this time|this"
              r" evening|this weekend|in the mood (?:for (?:it|that|them) )?(?:tonight|right now|today|now))|(?:for |at )?(?:another|some other)"
              r" (?:time|day|night|evening)|(?:maybe|perhaps) (?:later|next time|tomorrow|next week)|(?:for |until )?next time"
              r"|for later|(?:ill|well|i will|lets|id) (?:\w+ly )?(?:save|keep|leave|park)(?: (?:it|that|this|them))? (?:for|until|till) (?:\w+ ?){1,3}|(?:can|will have to|has to|must) wait|(?:for |on )?(?:tomorrow|another day))"),
    ("like", r"(?:really |just |totally )*did it for (?:me|us)|tick(?:s|ed) (?:all|every)(?: the| my| our| of the)? box(?:es)?|(?:huge |massive |big )?stan(?= [.,]|$)"),
    ("dislike", r"had (?:me|us) (?:checking|looking at|glancing at|watching) (?:my|our|the) (?:watch|watches|phones?|clock|time)|left a bad taste(?: in (?:my|our) mouths?)?|(?<=, )i (?:didnt|dont|did not)(?= [.,]|$)"),
    ("neutral", r"(?:was|were|is) (?:going|gonna|supposed|meant) (?:to )?be " + _VERYBE + r"(?:" + _GOOD + "|" + _BAD + ")"),
    ("neutral", r"(?<=, )(?:does|is|can|will|has|did|would|could) (?:it|they)(?= )"),
    # Who praises the look of what is shown has yet to see it.
    ("neutral", r"(?:(?<=these )|(?<=those )|(?<=they ))(?:all )?(?:look|sound|seem) (?:all )?" + _VERYBE + _GOOD),
    ("hate", r"(?:the |its )?(?:book|books|novel|original|comic|trailer|play|musical|game) " + _ARE + r" (?:(?:way|much|far|a lot|so much) )*better(?= [.,]|$)"),
    ("like", r"(?<!book )(?<!novel )(?<!original )" + _ARE + r" (?:(?:way|much|far|a lot|so much|miles|loads|even|a bit) )*better(?= [.,]|$)"),
    ("like", _ARE + " " + _VERYBE + _GOOD + r"|rocks|rules|rocked|is the one(?= [.,]|$)|(?:blew|knocked) me away|changed my life|made my (?:day|week|year)|slaps|slapped|holds up|never gets old|broke me"
             r"|wrecked me|(?:cracks?|cracked) (?:me|us) up|had (?:me|us) in (?:stitches|tears|bits)|(?:blew|blows) my mind|floored me|stole my heart|won (?:me|us) over|never (?:fails|disappoints|lets me down)(?: me| us)?|makes? (?:me|us) (?:smile|happy|laugh)|ticked all the boxes|hit the spot|lives rent free in my head|made (?:me|us) (?:cry|weep|sob|bawl) (?:buckets|my eyes out|like a baby|happy tears)|was everything|hits different|hit different|is a (?:banger|gem|keeper|classic)"
             r"|(?:isnt|wasnt|arent|not|is not|was not) (?:half )?bad"),
    ("dislike", _ARE + " " + _VERYBE + _BAD + r"|(?:isnt|arent|wasnt|werent|is not|are not"
                r"|was not|were not|aint)(?: really| that| very| so| exactly| quite| particularly"
                r"| all that)*(?: a| the| my)*(?: " + _GOOD + r"|for me| my thing| my cup of tea"
                r"| for me|my style| my style)|suck|sucks|sucked|(?:bores?|bored|annoys?|annoyed"
                r"|irritates?) me|(?:didnt|doesnt|dont|did not)(?: really)? (?:work|do it)"
                r"(?: for me)?|put me (?:off|to sleep)|puts me off|(?:is|are) not for me"
                r"|(?:isnt|arent) for me|(?:did|does) nothing for (?:me|us)|left me cold|dragged(?= [,.]|$| (?:on|a bit|for|so|badly|out)(?: |$))|went on (?:forever|too long)|fell (?:flat|apart)"
                r"|gone off|aged badly|hasnt aged well|havent aged well|was not for (?:me|us)|ruined my (?:day|night|evening|week)"
                r"|(?:was |were )?(?:\w+ )?(?:hours|hrs|minutes) of my life(?: (?:id like back|i want back|ill never get back|wasted|gone|i wont get back))?"
                r"|(?:wasnt|werent|was not|were not)(?: \w+ly| very| that| even| all that| so)*(?! (?:half )?bad)"),
    ("undecided", r"(?:i |we |ive |weve )?(?:still )?(?:(?:have|got|ve) )?(?:no (?:idea|clue|opinion|comment|thoughts)|dunno|not sure|undecided|idk|never (?:heard of|seen|watched|tried|got round to|saw)(?: it| that| them)?"
                r"|(?:havent|not|didnt|dont)(?: yet| actually| even| ever)? (?:seen|watched|tried|heard of|know|see|watch)(?: it| that| them)?)(?: yet| though| tho| either)?(?= [.,]|$)"),
    ("seen", r"(?:i|we|ive|weve) (?:have |had )?(?:already |just )*(?:seen|watched|saw|own|have|bought)"
             r"(?= [.,]|$| (?:already|before|at|in|last|on|twice|many|obviously|of course|too|as well|loads|ages|years|several|a few|a couple|more times)(?: |$))"
             r"|(?:i |we |ive |weve )?(?:had|owned) (?:it|one|them|mine|ours) (?:for )?(?:\w+ )?(?:years?|yrs?|months?|ages)"),
    ("like", r"what (?:a|an) (?:film|movie|ride|picture|machine|product|masterpiece|story|performance)(?= [.,]|$)"
             r"|(?:(?:id|i would|i could|we could|could|would) (?:\w+ly )?(?:watch|see|rewatch|buy) (?:it|that|this|them) (?:again|forever|on repeat|on a loop|any ?time|all day|every (?:day|week|night|year)))"
             r"|(?:(?<=and )|(?<=but )|(?<=which i ))(?:really |absolutely |thoroughly |secretly |actually |both )*(?:loved|liked|adored|enjoyed)(?: it| them| that)?(?= [.,]|$)"
             r"|(?:my |our |(?:an )?all ?time |absolute )*(?:favou?rite|fave|best) (?:film|movie|thing|one)(?: ever| of all time| by far| hands down| ive (?:ever )?(?:seen|had|owned))(?= [.,]|$)"),
    ("dislike", r"(?:(?<=and )|(?<=but )|(?<=which i ))(?:really |absolutely |thoroughly |actually |both )*(?:hated|disliked|loathed|didnt (?:like|love|enjoy|rate))(?: it| them| that)?(?= [.,]|$)"),
    ("like", r"(?:i|we)(?: \w+ly| both| all| just)* (?:love|loved|adored|enjoyed) (?:every (?:minute|second|bit|moment)(?: of (?:it|that|this))?|it (?:all|to bits|to pieces|so much)|the (?:whole|entire) thing|all of it)"),
    ("dislike", r"(?:i|we)(?: \w+ly| both| all| just)* (?:hated|disliked|loathed) (?:every (?:minute|second|bit|moment)(?: of (?:it|that|this))?|it all|the (?:whole|entire) thing|all of it)"
                r"|(?:wanted|wanting|want|demanded|asked for|should get|deserve|owe me) (?:all )?(?:my|our) (?:money|time|evening|\w+ hours) back"),
    ("like", r"(?:(?:all (?:three|four|five|of them|of which)|both of (?:them|which)) )?i (?:really |absolutely |do |, )*(?:love|loved|like|liked|adore|adored|enjoy|enjoyed)(?= [.,]|$| (?:a lot"
             r"|very much|the most|though|but|and)(?: |$))|im a (?:big |huge )?fan of(?= [.,]|$| (?:though|but)(?: |$))"),
    ("dislike", r"i (?:really |absolutely |, |just )*(?:hate|hated|dont like|didnt like|do not like|did not like|dont love"
                r"|didnt love|dont enjoy|didnt enjoy|cant stand|couldnt stand)(?= [.,]|$| (?:at all|much|though|but|and)(?: |$))"),
    ("like", r"(?:big |definite |definitely |hell |oh |absolutely )*(?:yes|yep|yeah)(?: please)?(?= [.,]|$)"),
    ("like", r"(?:so |really |super |pretty |very |just |absolutely |actually |also |equally |both )*" + _GOOD + r"(?= [.,]|$)"),
    ("dislike", r"(?:so |really |super |pretty |very |just |absolutely |actually |rather |also |equally |both )*" + _BAD + r"(?= [.,]|$)"
                r"|(?:but |though )not(?: at all)?(?= [.,]|$)"
                r"|(?:but |though |just |so |definitely |certainly )*not (?:me|us|i|mine|ours)(?: though| tho| sadly| sorry)?(?= [.,]|$)"
                r"|(?:but |and |though )+(?:i|we|me and \w+) (?:just |really |honestly |simply |personally )*(?:dont|didnt|do not|did not|wasnt|havent|couldnt|cant)(?: at all| really| get it| see it| understand it| care)*(?= [.,]|$)"
                r"|(?:i|we) (?:was|were|am|got|felt)(?: \w+ly| so| just| not| a bit| very)* (?:bored|unimpressed|underwhelmed|disappointed|lost|baffled|annoyed|irritated|appalled|asleep|impressed|let down|fuming)(?: stiff| rigid| silly| to tears| to death| out of my (?:mind|skull)| throughout| the whole time)?(?= [.,]|$)"),
    ("exclude", r"(?:is |was |its |thats )?(?:a |but |big |hard |definite |definitely |hell |oh |god |absolutely |dear |sweet |just )*(?:no|nope|nah)(?: way| chance| thanks| ta| thank you| sir(?:ee)?| siree| please)?(?= [.,]|$)"
                r"|(?:but |just |please |god |oh |most )*(?:absolutely|definitely|certainly|emphatically|categorically|decidedly|most|please|heavens|hell|god|christ|lord|no)? ?(?:not|never)(?: (?:ever|again|in a million years|on your life|a chance|for me|happening|please|thanks))*(?= [.,]|$)"),
    ("dislike", r"(?:was |were )?(?:not so much|less so|not really)(?= [.,]|$)"),
    ("want", r"(?:has |have |just |finally |sadly |recently |only |suddenly )*(?:died|packed (?:up|in)|gave up the ghost|conked out|(?:is|are) (?:dead|bust|knackered|kaput|on its last legs)|stopped working|blew up|bit the dust|gave out|broke(?: down)?)(?= [.,]|$| (?:on|last|this|today|yesterday|and|so|after|again)(?: |$))"),
    ("want", r"would (?:also )?be (?:really |very |just )?(?:fine|good|great|nice|perfect|ideal|lovely"
             r"|ok|okay|fun|cool|awesome)"),
    ("waive", r"(?:isnt|arent|is not|are not) (?:a must|essential|necessary|needed|required)|(?:is|are) optional"),
    ("waive", r"(?:is|are|s|being)? ?(?:actually |totally |also |perfectly |now |really )*"
              r"(?:fine|ok|okay|alright|all right|allowed|acceptable|no problem|not a problem"
              r"|(?<!if )possible)(?: too| after all| actually| again| with me| by me)*"
              r"|(?:doesnt|dont|does not|do not|didnt)(?: really)? matter(?: to me)?"
              r"|isnt important|is not important|is irrelevant"
              r"|(?:is|are|can be|could be|im putting|were putting|put)(?: now| back| officially| totally| up)* (?:on the (?:table|menu|cards)|back (?:in(?: play| the mix| the running)?|on)|in play|fair game|allowed again|welcome(?: again| back)?|unbanned|no longer (?:banned|out|off the table|a problem)|not a (?:dealbreaker|deal breaker|problem) anymore|doable)(?: again| now| after all)*(?= [.,]|$| (?:actually|too|then|if|for|tbh|tho|though)(?: |$))"
              r"|(?:can|may|could) (?:come back|stay|be included|be in there)(?: in| after all| again| too)*(?= [.,]|$)"),
    ("like", r"(?:its|theyre|thats) " + _VERYBE + _GOOD + "|" + _SUMMED_UP.format(_GOOD)),
    ("dislike", r"(?:its|theyre|thats) " + _VERYBE + _BAD + "|" + _SUMMED_UP.format(_BAD)),
    ("hate", r"(?:is|are) (?:out|banned|a no|a no go|a deal ?breaker|off the table)|no thanks"
             r"|no thank you|is not an option"),
    ("require", r"(?:please )?only(?: (?:please|thanks|ta))?(?= [,.]|$)|(?:is|are) a must|is essential"),
    ("like", r"(?:energy|vibes?|style|esque|ish|type|types)(?: of)?"),
    *refusals.BACKWARD,
)  # fmt: skip
"""Phrases that speak of what stands directly before them."""
