"""Everyday English words, so that an ordinary word is not taken for a title or a name.

Owns: `EVERYDAY`, the most frequent lower-case words of requests written for the film demo, and the
words of dialogue. Words of a catalogue's own texts come on top (`vocabulary`).
"""

from __future__ import annotations

_TEXT = """
however anyway avoid ranking apparently meanwhile otherwise besides also therefore hence limit
hmm hm hmmm ugh meh yikes umm um erm er wow omg lol haha hehe phew oops eek aww nah yay
gday howdy hiya lowkey highkey idc imo imho ngl tbh fr ong istg mam eskies fella goated smh ikr
tbf iirc afaik rn atm ofc sus vibing yapping doomscrolling bruh fam legit deadass bussin yeet
slay simp besties bff roomies nana nanna auntie gaffer arvo brekkie servo bogan dunno innit
youse yall dammit crikey bollocks knackered gutted chuffed naff faff gobsmacked bairn wee aye
och eejit craic abeg wahala oga biko yaar bhai didi timepass watchlist rewatch rewatched
rewatching spoilery vfx biopics romcoms bingeable eww ick cmon nvm brb gtg lmk tldr fyi asap diy
wfh aka btw jk lmao rofl lmfao hahaha xoxo thx ty np yw wtf tf af asf lil tryna finna boutta
shoulda woulda coulda oughta hafta lotta outta prolly def obvs totes whatevs soz sheesh freakin
friggin fricking effing
about above abroad absolutely abuse accent accident accused across acting action actor actors
actress actresses actual actually adaptation adopted adored adult adults adventure affair
after afterlife afternoon again against age aged ageing agent agents ages ago air alien aliens
alike alive all alone along already also always amazing among an ancient and angel angry
animal animals animated animation anime anniversary another anthology any anybody anyone
anything apart ape apparently are argue arguing army around art artist artists arts arty as at
attack aunt author away awesome awful awkward babies baby bachelor back backstage bad baddie
baddies band bank banter bar barely baseball based basically basketball battles be beach bear
beast beasts beautiful because become becomes bed bedtime been beer before begin behind being
believe believes below besides best bestie bet better between bf bickering big biopic birthday
bit bits bitter black bleak blind bloke blokes blonde blood bloodless bloody blue board boat
bodies body bomb bombs bonkers bonnets bonus book bored boring boss bosses both bought box
boxing boy boyfriend boyfriends boys brain brainless brainy brave break breakup breezy bride
bright brilliant bring bro broke broken brooding brother brothers brown brutal buddy budget
bugs building builds bumbling bunch burnt bus business but butler buy buying by cabin calm
came camera camp campy can cancel caped caper capital captain car care cars cartoon cartoons
case casino cast castle cat catch caught century certificate cgi change changed changes
changing character characters charming chase chases chasing cheap cheating cheeky cheer
cheerful cheesy child childhood children chilling choice church cinema circus city civil class
classic classical classics clean clear clever clock clothes clown club clue clumsy coach coats
cocky code cold colleague college color colour colourful colours combat come comedies comedy
comes comfort comic comics coming company completely computer con concert contest cool cop
cops cost costs costume costumes cosy could count country couple court courtroom cousin
cousins cowboy cowboys cracking crash crazy creature creatures creepy crew crime crimes crisis
crook crooked crooks crosses crossing crowd crude cruel crush cry crying cuddly culture cursed
cute cyborg cynical dad dads daft dance dancing danger dark darker date dating daughter
daughters day days dead deadly deadpan death decade decent decide decides deep definitely
delete demons desert desk desperate detective detectives devil dialogue did die dies different
differently dinner directed directing director directors dirty disaster disco dislike disliked
divorce divorced do doc doctor documentaries documentary does dog dogs doing done doomed door
double down drag dragon dragons drama dramas drawn dread dream dreams dreamy dress dresses
drinking drive driver driving drug drugs drunk dry dubbed dull dumb dumped during dying
dystopia each earlier early earth easy eating effects eight eighties election elegant eleven
else embarrassing end ending ends enemies enemy enjoy enjoyed enjoying enormous enough epic
episode era escape especially even evening ever every everybody everyone everything everywhere
evil ex exactly excellent except exes expensive explain explosions eye eyes face faced faces
factory fairly fairy faith faithful fake fall falling falls families family famous fan fancy
fans fantastic fantasy far farce farm fashion fashioned fast fat father fathers favorite
favorites favourite favourites feature feel feeling feelings feels female few fi fiction
fictional fifth fifties fight fighter fighting fights film filmed films filthy finally find
finding finds fine finish finished fire first fishing fit five fix flat flatmate flick flicks
flies flight flirting flying folk folks follow follows food footage football for forbidden
forced forecast foreign forest forever forget forgotten forties forty foul found four fourth
franchise free friend friendly friends friendship frightening from front fu full fully fun
funny furious future gadgets gag gags gambler gambling game games gang gangs gangster
gangsters garbage gay genius genre genres gentle gentleman get gets getting gf ghost ghosts
giant gift gifts girl girlfriend girlfriends girls give gives glamorous gloomy glossy glowing
go god gods goes going gold golf gone good goodbye goofy gore gorgeous gory got goth gothic
government gran grandad grandchildren granddaughter grandkids grandma grandpa grandson gray
great green grew grey grief grieving grim gritty gross group growing grown grows grumpy guilty
guitar gun gunfights guns guy guys hacker had hair half hamming hand handle handsome hanging
happened happens happily happy hard hardly harmless has hate hated hates hating hats haunted
have having he head heads hear heard hears heart hearted heartwarming heavy heist hell hello
help helps her here hero heroes heroic heroine herself hey hi hidden hiding high hilarious him
himself hip hired his historical history hit hitman hockey holding holiday holidays holy home
honest honestly hop hope hopeful hopeless horrible horror horse hospital host hostage hot
hotel hour hours house housemates how hubby huge human humans humour hungry hunt hunted hunter
hunters hunting hurt husband husbands ice idea ideally idiots if ignore ill illness in indie
innocent insane inside inspirational inspiring instead instructions interesting interviews
into invasion invisible is ish island it item items its itself jail jazz jewel job join joins
joke jokes joking jolly journalist journey jumping jungle just keep keeps kicking kid kiddo
kiddos kidnapped kids kill killed killer killers killing kills kind kinds king knights know
knows kung lad lads lady laid land language last late later laugh laughing laughs law laws
lawyer lawyers lazy lead leader learn learning learns least leather leave left legend length
less lesson let life light like liked likes literally little live lives living loads locked
lone lonely long longer look looking looks loose lose loses losing loss lost lot lots loud
love loved lovely lover lovers loves loving low lunatic machine machines macho mad made
madness mafia magic magical make makeover makes making male man maniac manners mansion many
marathon marriage married martial masked massive master mate mates maths may maybe me mean
means meant medieval meet meeting meets melodrama memories memory men mental mess message
messy metal mid middle might military min mind mins minute minutes missing mission missus
mistake mixed mob modern mom moms money monks monster monsters mood moody moon more morning
most mostly mother motion mountain mountains mouthed moves movie movies moving mrs much mud
mum mums murder murdered murderer murderous murders music musical musicals musician musicians
must my mysterious mystery nan nasty nature naughty navy nearly need needs neighbour
neighbours neon nephew nephews nerd nervous never new newer news newsroom next nice niece
nieces night nightmare nights nine nineties ninety no noble nobody noir nonsense nope normal
nose nostalgia nostalgic nosy not nothing novel now nowhere nudity number numbers obsessed odd
of off office officer officers often oil ok okay old older olds on once one ones only open
opera or orange order ordinary original orphan orphans oscar other others our out outlaw
outside over overrated own owned owners painter pal pals parents park parody part particularly
parties partner parts party past patient peace peaceful people perfect perhaps period person
pet pg philosophy phone phones piano pick picked picks picture piece pieces pilot pilots pink
pirate pirates pizza place plain plan plane planes planet plasticine play played player
playing plays please plot plots plus poem poetry police policeman polite political politician
politics pool poor pop popcorn popular posh possible possibly post powerful powers pranks
prefer preferably preferred pregnant present president pretending pretends pretty previous
price prince princess prison private probably problem product products professor program prom
prompt proper properly proud psychological punch puns puppet puppets pure purple put puzzle
python queen queens quest quick quiet quietly quirky quite race races racing racism radio rage
rain rainy raised ranch rated rather rating raunchy read reading reads ready real realistic
reality really rebel recent recently recipe recommend recommendation recommendations red
relatives religious remake remembers remove rescue reset restaurant retired reunion revenge
revolution rich ride ridiculous right rights ring rise rival river road robbers robbery robot
robots rock rogue role romance romantic romcom romp room roomie roommate roommates rotten
rough round rousing royal rubbish rude ruin ruined ruins rules run running runs runtime sad
sadness safe saga sailors same samurai satire save saves saw say saying says scandal scare
scared scares scary scene scenery scenes school sci science scientist scientists scifi score
scrap scratch screaming screen screwball scruffy sea search searching seaside season second
secret secretly secrets see seeing seen sees sense sensible sent sequel sequels serial series
serious seriously set sets setting seven seventies sex sexy share shark she ship ships
shocking shoot shooting shootouts shop short shot should shouting show shown shows shy
siblings sick side sides silent silliness silly silver similar simple since sincere sing
singer singing single sings sinister sis sister sisters six sixties sky slapstick slasher
sleep sleepover slick slow slowly small smart smashing smoke smooth snow snowy so sob sober
society sofa soft soldier soldiers solve some somebody someone something sometimes somewhere
son song songs sorry sort sorts soul sound soundtrack south southern space spaceships speaks
special speeches spider spies spirit spoof spooky sport sports spy squad squeaky stage stand
stands star starring stars start started starts station stay stays steal steamy step still
stolen stoned stop stories story straight stranded strange stranger strangers stream streaming
street streets strictly strong stubborn stuck student students studies study stuff stunts
stupid style stylish suave submarine subtitled subtitles suddenly suggest suggestion
suggestions suit suitable suits summer sun sunday sunny sunshine superhero superheroes
supernatural superpowers sure surgeon survival suspense swamp swap swearing swears sweaty
sweeping sweet sword swords system take taken takes taking tale talk talking talks talky tape
tea teach teacher team tears teen teenage teenager teenagers teens tell telling tells telly
ten tender tense term terrible terrifying terrorists than thank thanks that the theater
theatre their them theme themselves then therapist therapy there they thief thieves thing
things think thinking thinks third thirties thirty this those thought thoughtful three
thriller thrillers through tight tights time times tiny tissues to today toddler toddlers
together toilet told tomorrow tonight too top tops total totally tough tournament town toys
tragedy tragic train training translate trapped trash trashy travel travelling treasure trees
trial triangle tries trilogy trip trippy trouble true truly trust truth try trying tunes turn
turned turns tv twenty twins twist twists twisty two type types ugly uncle uncomfortable
undead under undercover underdog underrated underwater undo uni unlikely until up upbeat
uplifting ups us use useless usually vampire vampires version versus very vibe vibes video
view viewing village villain villains violence violent voice voices vs waiting wakes walks
wall want wants war warm wars wartime was watch watched watches watching water way we weather
wedding weed week weekend weepy weird welcome well were werewolf west western westerns what
whatsoever wheelchair when where whether which while whimsy white who whole wholesome whose
why wicked widow wife wifes wifey wild wilderness will win wine winner wins winter wise
wisecracks witch witches with within without witness witty wives wizard wizards woman women
won wonder wonderful woods word work worker workers working works world worse worst worth
would wreck wrecked write writer wrong yeah year years yellow yep yes yesterday yet you young
younger your zero zombies
"""
EVERYDAY = frozenset(_TEXT.split())
